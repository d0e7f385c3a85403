"""Own addresses of request types: for a web page, a mail, or a QR code on a door."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.text import clean_line

from .choices import Audience
from .models import RequestType

#: How many codes one printable sheet holds, and what one line of it may hold.
MAX_CODES, MAX_LINE = 200, 200


def form_address(request_type: RequestType, presets: Mapping[str, str] | None = None) -> str:
    """The form for that type under the brand's public address, with answers filled in. presets: field key → text.

    What only colleagues may ask for has its form among their requests, behind the sign-in.
    """
    is_internal = request_type.audiences == [Audience.EMPLOYEES]
    path = reverse("requests:request_create" if is_internal else "help:ticket_submit_type", args=[request_type.key])
    query = f"?{urlencode(presets)}" if presets else ""
    return f"{Brand.default().base_url}{path}{query}"


def read_lines(text: str) -> list[tuple[str, str]]:
    """(value, label) of each line: "1204" or, with a word for the label, "1204 = Room 1204, Tower B".

    Empty lines and repeated values are left out. Raises `Invalid` for more than `MAX_CODES` or a line that is too long.
    """
    found: dict[str, str] = {}
    for raw in text.splitlines():
        if len(raw) > MAX_LINE:
            raise Invalid(_("Write at most %(limit)s characters on a line.") % {"limit": MAX_LINE})
        value, _sep, label = (clean_line(part) for part in raw.partition("="))
        if value:
            found.setdefault(value, label or value)
    if len(found) > MAX_CODES:
        raise Invalid(_("Make at most %(limit)s codes at a time.") % {"limit": MAX_CODES})
    return list(found.items())
