"""How a campaign did: counts of people with their bases, and links by use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from crm.core.actor import Actor
from crm.ui.generic.cells import url_of
from customers.links import targets_of
from sales.models import Lead
from tickets.models import Ticket

from ..choices.campaigns import RecipientState, ResponseKind
from ..models import Campaign, CampaignLink, Participant, Recipient


@dataclass(frozen=True, slots=True)
class Counts:
    """People, one of the campaign's rows each. Rates of what they did are of delivered."""

    chosen: int
    waiting: int
    dropped: int
    reached: int
    delivered: int
    hard: int
    soft: int
    opened: int
    clicked: int
    scanned: int
    unsubscribed: int
    complained: int
    answered: int

    @property
    def failed(self) -> int:
        return self.hard + self.soft

    @property
    def percent(self) -> int:
        """How far sending is, 0 to 100."""
        return (self.reached + self.dropped) * 100 // self.chosen if self.chosen else 0


def counts_of(campaign: Campaign) -> Counts:
    """One query over the campaign's recipients."""
    state = RecipientState
    waiting = Q(state__in=[state.WAITING, state.QUEUED])
    sent, failed = Q(state=state.SENT), Q(state=state.FAILED)
    found = campaign.recipients.chosen().aggregate(
        chosen=Count("pk"), waiting=Count("pk", filter=waiting),
        dropped=Count("pk", filter=Q(state=state.DROPPED)), reached=Count("pk", filter=sent | failed),
        delivered=Count("pk", filter=sent), hard=Count("pk", filter=failed & Q(is_hard=True)),
        soft=Count("pk", filter=failed & Q(is_hard=False)),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        clicked=Count("pk", filter=Q(clicked_at__isnull=False)),
        scanned=Count("pk", filter=Q(scanned_at__isnull=False, opened_at__isnull=True)),
        unsubscribed=Count("pk", filter=Q(unsubscribed_at__isnull=False)),
        complained=Count("pk", filter=Q(complained_at__isnull=False)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
    )  # fmt: skip
    return Counts(**found)


def dropped_by_reason(campaign: Campaign) -> dict[str, int]:
    """Who was left out when their turn came, by reason."""
    rows = campaign.recipients.filter(state=RecipientState.DROPPED).order_by()
    return dict(rows.values_list("reason").annotate(Count("pk")))


def links_of(campaign: Campaign) -> list[CampaignLink]:
    """The links by how many people used them, most first; `people` on each."""
    human = Q(clicks__is_machine=False, clicks__kind=ResponseKind.CLICK)
    rows = campaign.links.annotate(people=Count("clicks__recipient", filter=human, distinct=True))
    return list(rows.order_by("-people", "pk"))


def post_totals(campaign: Campaign) -> dict[str, int]:
    """Reach and clicks of a post as networks reported them."""
    found = campaign.post_results.aggregate(reach=Sum("reach"), clicks=Sum("clicks"))
    return {name: value or 0 for name, value in found.items()}


def event_counts(campaign: Campaign) -> dict[str, int]:
    """Who registered for an event, and who came."""
    rows = Participant.objects.filter(campaign=campaign)
    return rows.aggregate(registered=Count("pk"), attended=Count("pk", filter=Q(attended_at__isnull=False)))


def campaigns_of(viewer: Actor, customer: Any, limit: int = 10) -> list[Recipient]:
    """What a customer's people got, newest first."""
    rows = Recipient.objects.visible_to(viewer).reached().filter(customer=customer)
    return list(rows.select_related("campaign", "contact").order_by("-sent_at", "-pk")[:limit])


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A record that an answer became. state: how it stands, in words."""

    label: str
    title: str
    url: str
    state: str


def outcomes_of(viewer: Actor, campaign: Campaign, limit: int = 10) -> list[MadeOf]:
    """Leads and tickets that the campaign's answers became, newest first, those that the viewer may open."""
    leads = Lead.objects.visible_to(viewer).filter(pk__in=targets_of(campaign, "lead")).order_by("-pk")[:limit]
    asked = Ticket.objects.visible_to(viewer).filter(pk__in=targets_of(campaign, "ticket"))
    tickets = asked.select_related("status").order_by("-pk")[:limit]
    found = [(row, row.name, row.get_status_display()) for row in leads]
    found += [(row, row.subject, str(row.status)) for row in tickets]
    found.sort(key=lambda entry: entry[0].created_at, reverse=True)
    return [MadeOf(row.label, title, url_of(row), state) for row, title, state in found[:limit]]
