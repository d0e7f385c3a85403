"""Telling people from machines: mail scanners open every link, and mail programs load pictures ahead of reading."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .choices.campaigns import Machine
from .models import Campaign, Recipient

#: A hit so soon after the server took the mail is a scanner's on the way to the mailbox.
TOO_SOON_SECONDS = 5
#: So many different links within so many seconds are nobody's reading.
MANY_LINKS, MANY_LINKS_SECONDS = 3, 3
#: What a machine did before and after it fell into the trap.
AROUND_TRAP_SECONDS = 60
_PROGRAMS = re.compile(
    r"bot\b|crawl|spider|scan|preview|proofpoint|barracuda|mimecast|safelinks|googleimageproxy|yahoomailproxy"
    r"|python-|curl/|wget|java/|go-http|okhttp|libwww|headless|monitor",
    re.IGNORECASE,
)


def machine_by(method: str, headers: Mapping[str, str], recipient: Recipient, now: dt.datetime) -> str:
    """How the request gives itself away as a program's (`Machine`), "" for one that may be a person's.

    A picture proxy such as Gmail's fetches when the person opens, but also hides who looked: it counts as a machine.
    """
    if method == "HEAD":
        return Machine.METHOD
    agent = headers.get("User-Agent", "")
    if not agent.strip() or _PROGRAMS.search(agent):
        return Machine.AGENT
    purposes = (headers.get(name, "").lower() for name in ("Purpose", "X-Purpose", "Sec-Purpose", "X-Moz"))
    if any("prefetch" in purpose or "preview" in purpose for purpose in purposes):
        return Machine.PREFETCH
    if recipient.sent_at is None or (now - recipient.sent_at).total_seconds() < TOO_SOON_SECONDS:
        return Machine.TIMING
    return ""


def with_marks(url: str, campaign: Campaign) -> str:
    """The address with the marks of the campaign, where it leads to a page of ours, so that a lead keeps them."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != campaign.brand.base_url:
        return url
    medium = "sms" if campaign.channel == "sms" else "email"
    marks = {"utm_source": "campaign", "utm_medium": medium, "utm_campaign": campaign.code}
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode({**marks, **given})))
