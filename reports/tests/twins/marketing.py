"""Campaigns: people for whom a message left us, and what they did."""

from __future__ import annotations

from collections.abc import Callable

from crm.core.metrics import Span
from marketing.models import Enrolment, Recipient

from .base import Keep, Twin, number, share


def _people(viewer: object) -> object:
    return Recipient.objects.visible_to(viewer).select_related("campaign")


def _left(row: Recipient, span: Span) -> bool:
    began = row.campaign.sent_at
    return row.state in {"sent", "failed"} and began is not None and span.start <= began < span.end


def _arrived(row: Recipient, span: Span) -> bool:
    return _left(row, span) and row.state == "sent"


def _did(column: str, of: Keep = _arrived) -> Callable[[Recipient, Span], bool]:
    return lambda row, span: of(row, span) and getattr(row, column) is not None


def _times(viewer: object) -> object:
    return Enrolment.objects.visible_to(viewer)


def _came(row: Enrolment, span: Span) -> bool:
    return span.start <= row.entered_at < span.end


def _came_and(state: str) -> Callable[[Enrolment, Span], bool]:
    return lambda row, span: _came(row, span) and row.state == state


TWINS = {
    "campaigns.sent": Twin(_people, _left, number),
    "campaigns.delivered": Twin(_people, _arrived, number),
    "campaigns.opened": Twin(_people, _did("opened_at"), number),
    "campaigns.clicked": Twin(_people, _did("clicked_at"), number),
    "campaigns.answered": Twin(_people, _did("answered_at", _left), number),
    "campaigns.delivery_rate": Twin(_people, _left, share(_arrived)),
    "campaigns.open_rate": Twin(_people, _arrived, share(_did("opened_at"))),
    "campaigns.click_rate": Twin(_people, _arrived, share(_did("clicked_at"))),
    "campaigns.unsubscribe_rate": Twin(_people, _arrived, share(_did("unsubscribed_at"))),
    "journeys.entered": Twin(_times, _came, number),
    "journeys.completed": Twin(_times, _came_and("completed"), number),
    "journeys.goals": Twin(_times, _came_and("goal"), number),
    "journeys.goal_rate": Twin(_times, _came, share(_came_and("goal"))),
}
