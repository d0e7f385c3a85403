"""What must be right before a campaign goes out, each with the way to put it right."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.blocks.content import blocks_in, languages_missing
from crm.core import clock, money
from crm.messaging.sms.senders import sender
from customers.choices import SegmentState
from customers.models import Product
from knowledge.models import Article

from ..choices.campaigns import MAILS, CampaignKind, CostKind, Reason
from ..choices.landing import PageStatus
from ..models import Campaign, LandingPage
from ..rendering import addresses_in

#: An audience that was counted longer ago is counted again.
FRESH_SECONDS = 3600
_ARTICLE, _PAGE = re.compile(r"/help/articles/([\w-]+)/?"), re.compile(r"/p/([\w-]+)/?")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list. blocks: whether nothing goes out until it is right. step: where it is put right."""

    key: str
    is_right: bool
    label: str
    detail: str = ""
    blocks: bool = True
    step: str = ""


def checks_of(campaign: Campaign) -> list[Check]:
    """Every check that the kind of campaign has, in the order of the steps."""
    found = list(_kind_checks(campaign))
    if campaign.channel:
        found = [*_audience(campaign), *found, *_time(campaign)]
    return [*found, *_money(campaign)]


def stands_in_the_way(campaign: Campaign) -> list[Check]:
    """The checks that fail and block."""
    return [check for check in checks_of(campaign) if check.blocks and not check.is_right]


def _kind_checks(campaign: Campaign) -> Iterator[Check]:
    if campaign.kind in MAILS:
        yield from mail_checks(campaign)
    else:
        yield _words(campaign)
    if campaign.kind == CampaignKind.SMS:
        yield Check(
            "gateway", sender().reaches("+8613800138000") or sender().reaches("+14155550100"),
            _("A gateway for text messages is set up"), _("Set up in Settings › Text messages"),
        )  # fmt: skip
    if campaign.kind == CampaignKind.EVENT:
        ahead = campaign.starts_at is not None and campaign.starts_at > clock.now()
        yield Check("event", ahead and bool(campaign.place), _("Place and time of the event lie ahead"), step="content")


def _audience(campaign: Campaign) -> Iterator[Check]:
    segments = list(campaign.segments.all())
    yield Check("segments", bool(segments), _("At least one segment is chosen"), step="audience")
    behind = [row.name for row in [*segments, *campaign.excluded.all()] if row.state != SegmentState.READY]
    yield Check("computed", not behind, _("Segments are up to date"), ", ".join(behind), blocks=False, step="audience")
    count, reasons = campaign.audience.get("chosen"), campaign.audience.get("reasons", {})
    if count is None:
        yield Check("counted", False, _("The audience is counted"), _("Count it once"), step="audience")
        return
    people = campaign.audience["people"]
    yield Check(
        "people", count > 0,
        ngettext("%(count)s person gets it", "%(count)s people get it", count) % {"count": count},
        _("of %(people)s in the segments") % {"people": people}, step="audience",
    )  # fmt: skip
    unasked = reasons.get(Reason.NO_CONSENT, 0)
    yield Check(
        "consent", not (people and unasked == people), _("People agreed to this channel"),
        _("Nobody in the segments agreed to it. Ask them first.") if people and unasked == people else "",
        step="audience",
    )  # fmt: skip


def mail_checks(campaign: Campaign) -> Iterator[Check]:
    """What must be right about a mail's words, whoever gets it."""
    languages = campaign.brand.languages
    names = dict(settings.LANGUAGES)
    has_words = any(True for _block in blocks_in(campaign.content))
    yield Check("content", has_words, _("The mail has words"), step="content")
    unnamed = [code for code in languages if not campaign.subject.get(code)]
    missing = sorted({*unnamed, *languages_missing(campaign.content, list(languages))}, key=list(languages).index)
    yield Check(
        "languages", not missing, _("Subject and text in every language"),
        _("Missing: %(languages)s") % {"languages": ", ".join(str(names[code]) for code in missing)} if missing else "",
        step="content",
    )  # fmt: skip
    hidden = _unpublished(campaign)
    yield Check("published", not hidden, _("What the mail points to is published"), ", ".join(hidden), step="content")
    yield Check("sender", bool(campaign.brand.sender_email), _("The sender has an address"),
                campaign.brand.sender_email)  # fmt: skip
    yield Check("unsubscribe", True, _("Every mail has the way to unsubscribe"),
                _("Link in the foot, and the header for one click"), blocks=False)  # fmt: skip


def _words(campaign: Campaign) -> Check:
    names = dict(settings.LANGUAGES)
    missing = [code for code in campaign.brand.languages if not campaign.body.get(code)]
    return Check(
        "languages", not missing, _("Text in every language"),
        _("Missing: %(languages)s") % {"languages": ", ".join(str(names[code]) for code in missing)} if missing else "",
        step="content",
    )  # fmt: skip


def _unpublished(campaign: Campaign) -> list[str]:
    """Articles, landing pages and products in the mail that its readers would not find."""
    addresses = {address for code in campaign.brand.languages for address in addresses_in(campaign, code)}
    own = [address for address in addresses if address.startswith(campaign.brand.base_url)]
    slugs, pages = _named(_ARTICLE, own), _named(_PAGE, own)
    slugs -= set(Article.objects.public().filter(slug__in=slugs).values_list("slug", flat=True))
    shown = LandingPage.objects.filter(status=PageStatus.PUBLISHED, slug__in=pages)
    pages -= set(shown.values_list("slug", flat=True))
    products = [values.get("product") for _id, entry, values in blocks_in(campaign.content) if entry.key == "product"]
    sold = set(Product.objects.active().filter(pk__in=[pk for pk in products if pk]).values_list("pk", flat=True))
    gone = Product.objects.filter(pk__in=[pk for pk in products if pk and pk not in sold])
    return [*sorted(slugs | pages), *(str(product) for product in gone)]


def _named(pattern: re.Pattern[str], addresses: list[str]) -> set[str]:
    """The names of our own pages in addresses."""
    return {match[1] for address in addresses if (match := pattern.search(address))}


def _time(campaign: Campaign) -> Iterator[Check]:
    yield Check(
        "time", campaign.send_at is None or campaign.send_at > clock.now() or not campaign.is_editable,
        _("The time to send lies ahead"), step="schedule",
    )  # fmt: skip


def _money(campaign: Campaign) -> Iterator[Check]:
    if campaign.budget is None:
        return
    planned = campaign.costs.filter(kind=CostKind.PLANNED).aggregate(sum=Sum("amount"))["sum"] or 0
    yield Check(
        "budget", planned <= campaign.budget, _("Planned costs are within the budget"),
        _("%(planned)s of %(budget)s")
        % {
            "planned": money.shown(planned, campaign.currency),
            "budget": money.shown(campaign.budget, campaign.currency),
        },
        blocks=False,
    )  # fmt: skip


def is_fresh(audience: dict[str, Any]) -> bool:
    """Whether the audience was counted lately."""
    at = str(audience.get("at", ""))
    return bool(at) and (clock.now() - dt.datetime.fromisoformat(at)).total_seconds() < FRESH_SECONDS
