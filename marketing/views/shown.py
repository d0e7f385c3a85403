"""What pages show of audiences and results, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core import money
from crm.core.actor import Actor
from crm.ui.generic.cells import url_of

from ..choices.campaigns import CampaignKind, Reason, ResponseKind
from ..models import Campaign, Recipient
from ..percents import percent
from ..selectors.results import Counts, counts_of, dropped_by_reason, event_counts, links_of, post_totals
from ..selectors.sales import Money, leads_of, money_of, orders_by, won_by

#: Records that a table of them shows.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the audience. share: of everybody in the segments, 0 to 100."""

    label: Any
    count: int
    share: int
    tone: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its base."""

    label: Any
    value: str
    unit: str = ""
    url: str = ""
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What was credited by the last touch, and by the first."""

    label: Any
    last: str
    first: str
    url: str = ""


def audience_bars(campaign: Campaign) -> dict[str, Any] | None:
    """The audience as it was counted or frozen: reasons add up with the chosen to everybody in the segments."""
    found = campaign.audience
    if "people" not in found:
        return None
    people = found["people"]
    frozen = campaign.frozen_at is not None
    bars = [Bar(_("In the segments"), people, 100, "info")]
    for key, count in found["reasons"].items():
        tone = "danger" if key == Reason.COMPLAINT else "neutral"
        url = _people(campaign, reason=key, state="left_out") if frozen else _stopped(campaign, key)
        bars.append(Bar(Reason(key).label, count, _share(count, people), tone, url))
    dropped = dropped_by_reason(campaign) if frozen else {}
    return {
        "bars": bars, "chosen": found["chosen"], "share": _share(found["chosen"], people), "at": found["at"],
        "url": _people(campaign, did="chosen") if frozen else _stopped(campaign, ""), "is_frozen": frozen,
        "dropped": [
            Bar(Reason(key).label if key else _("Left out when sending"), count, _share(count, people), "caution",
                _people(campaign, reason=key, state="dropped"))
            for key, count in sorted(dropped.items())
        ],
    }  # fmt: skip


def results_of(viewer: Actor, campaign: Campaign) -> dict[str, Any]:
    """Everything of the results part of the page."""
    counts = counts_of(campaign)
    credited = money_of(campaign)
    return {
        "counts": counts,
        "tiles": list(_tiles(campaign, counts)) if campaign.channel else _post_tiles(campaign),
        "links": [(link, _people(campaign, link=link.pk), percent(link.people, counts.clicked))
                  for link in links_of(campaign)],
        "sales": _sales(campaign, credited),
        "money": credited,
        "money_tiles": _money_tiles(campaign, credited),
        "notes": credited.notes,
        "event": event_counts(campaign) if campaign.kind == CampaignKind.EVENT else None,
    }  # fmt: skip


def _tiles(campaign: Campaign, counts: Counts) -> Any:
    def tile(label: Any, part: int, base: int, did: str, sub: str = "") -> Tile:
        of = _("%(part)s of %(base)s") % {"part": _whole(part), "base": _whole(base)}
        return Tile(label, percent(part, base), of, _people(campaign, did=did), sub)

    bounced = ngettext("%(count)s came back", "%(count)s came back", counts.failed) % {"count": counts.failed}
    bounced = _("%(bounced)s: %(hard)s hard, %(soft)s soft") % {
        "bounced": bounced, "hard": counts.hard, "soft": counts.soft,
    }  # fmt: skip
    yield tile(_("Sent"), counts.reached, counts.chosen, "reached",
               _("%(count)s still waiting") % {"count": counts.waiting} if counts.waiting else "")  # fmt: skip
    yield tile(_("Delivered"), counts.delivered, counts.reached, "delivered", bounced if counts.failed else "")
    if campaign.channel == "email":
        looked = _("Raised by mail privacy")
        if counts.scanned:
            looked = _("%(count)s more only by machines") % {"count": counts.scanned}
        yield tile(_("Opened"), counts.opened, counts.delivered, "opened", looked)
    yield tile(_("Clicked"), counts.clicked, counts.delivered, "clicked")
    yield tile(_("Answered"), counts.answered, counts.delivered, "answered")
    yield tile(_("Unsubscribed"), counts.unsubscribed, counts.delivered, "unsubscribed")
    if counts.complained:
        yield tile(_("Called it spam"), counts.complained, counts.delivered, "complained", _("As providers report it"))


def _post_tiles(campaign: Campaign) -> list[Tile]:
    totals = post_totals(campaign)
    return [
        Tile(_("People reached"), _whole(totals["reach"]), sub=_("As networks report it")),
        Tile(_("Clicks"), _whole(totals["clicks"]), sub=percent(totals["clicks"], totals["reach"])),
    ]


def _sales(campaign: Campaign, credited: Money) -> list[Row]:
    first = money_of(campaign, first=True)
    url = reverse("marketing:campaign_sales", args=[campaign.pk])

    def counted(number: int, amount: Any) -> str:
        return _("%(count)s · %(amount)s") % {"count": number, "amount": money.shown(amount, campaign.currency)}

    leads = leads_of(Actor.system(), campaign).count()
    return [
        Row(_("Leads"), number_format(leads), "", f"{url}#leads"),
        Row(_("Opportunities won"), counted(credited.won.count, credited.won.amount),
            counted(first.won.count, first.won.amount), f"{url}#won"),
        Row(_("Orders"), counted(credited.orders.count, credited.orders.amount),
            counted(first.orders.count, first.orders.amount), f"{url}#orders"),
    ]  # fmt: skip


def _money_tiles(campaign: Campaign, credited: Money) -> list[Tile]:
    cost = credited.cost
    which = _("Booked") if credited.booked is not None else _("Planned, nothing booked yet")
    roi = credited.roi
    return [
        Tile(_("Brought in"), money.shown(credited.revenue, campaign.currency),
             sub=_("Last touch within %(days)s days") % {"days": campaign.window_days}),
        Tile(_("Cost"), money.shown(cost, campaign.currency) if cost is not None else "",
             sub=which if cost is not None else _("No cost given")),
        Tile(_("Return (ROI)"), f"{_whole(round(roi * 100))}%".replace("-", "−") if roi is not None else "",
             sub=_("(Brought in - cost) ÷ cost") if roi is not None else _("Needs a cost")),
    ]  # fmt: skip


def deed_of(row: Recipient) -> tuple[str, str]:
    """The most that somebody did with a message, in words, and its tone."""
    for at, kind, tone in (
        (row.complained_at, ResponseKind.COMPLAINT, "danger"),
        (row.unsubscribed_at, ResponseKind.UNSUBSCRIBE, "warning"), (row.answered_at, ResponseKind.ANSWER, "success"),
        (row.clicked_at, ResponseKind.CLICK, "success"), (row.opened_at, ResponseKind.OPEN, "info"),
    ):  # fmt: skip
        if at:
            return str(kind.label), tone
    return str(row.get_state_display()), "danger" if row.failed_at else "neutral"


def sales_tables(viewer: Actor, campaign: Campaign) -> dict[str, Any]:
    """The records behind the figures which the viewer may open: what, whose, when, how much, with their pages.

    Of the others each table says how many there are, since they count in the figures.
    """
    finders = {"leads": leads_of, "won": won_by, "orders": orders_by}
    mine = {key: find(viewer, campaign) for key, find in finders.items()}
    hidden = {key: find(Actor.system(), campaign).count() - mine[key].count() for key, find in finders.items()}
    leads = mine["leads"].select_related("owner").order_by("-created_at", "-pk")[:SHOWN]
    won = mine["won"].select_related("customer").order_by("-won_at", "-pk")[:SHOWN]
    orders = mine["orders"].select_related("customer").order_by("-placed_at", "-pk")[:SHOWN]
    return {
        "tables": [
            ("leads", _("Leads"), hidden["leads"], [
                (f"{row.label} {row.name}", url_of(row), row.company, row.created_at, row.get_status_display())
                for row in leads
            ]),
            ("won", _("Opportunities won"), hidden["won"], [
                (row.name, url_of(row), row.customer.name, row.won_at, money.shown(row.amount, row.currency))
                for row in won
            ]),
            ("orders", _("Orders"), hidden["orders"], [
                (row.label, url_of(row), row.customer.name, row.placed_at,
                 money.shown(row.gross - row.refunded, row.currency))
                for row in orders
            ]),
        ]
    }  # fmt: skip


def _people(campaign: Campaign, **params: Any) -> str:
    return f"{reverse('marketing:recipient_list')}?{urlencode({'campaign': campaign.pk, **params, 'own': 1})}"


def _stopped(campaign: Campaign, reason: str) -> str:
    return f"{reverse('marketing:campaign_people', args=[campaign.pk])}?{urlencode({'reason': reason})}"


def _share(part: int, base: int) -> int:
    return round(part * 100 / base) if base else 0


def _whole(number: int) -> str:
    return number_format(number, force_grouping=True)
