"""How a deal is shown: its state, its amount, its next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core import clock, money
from crm.planner.models import Task

from .choices.opportunities import StageKind
from .models import Opportunity
from .staleness import days_in_stage, staleness

_TONES = {StageKind.OPEN: "info", StageKind.WON: "success", StageKind.LOST: "danger"}


def stage_tone(deal: Opportunity) -> str:
    """The tone of where a deal stands."""
    return _TONES[StageKind(deal.state)]


def sums_text(sums: Mapping[str, Decimal]) -> str:
    """Amounts by currency, side by side and never added: "¥1,200.00", "CNY 1,200.00 + USD 300.00"."""
    several = len(sums) > 1
    return " + ".join(money.shown(amount, code, several=several) for code, amount in sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class NextStep:
    """The open task of a deal that is due first, in a few words. tone: danger late, success today, caution none."""

    text: str
    tone: str
    icon: str


def next_step(task: Task | None, now: dt.datetime | None = None) -> NextStep:
    """What a card says of the next activity, in the time zone that is active."""
    now = now or clock.now()
    if task is None:
        return NextStep(_("No next step"), "caution", "warning")
    if task.due_at is None:
        return NextStep(task.title, "", "calendar")
    due, today = timezone.localtime(task.due_at), timezone.localtime(now).date()
    day = task.due_on or due.date()
    values = {"title": task.title, "day": date_format(day, "MONTH_DAY_FORMAT"), "time": due.strftime("%H:%M")}
    if task.due_at < now:
        days = max(1, (today - day).days)
        late = ngettext("%(title)s, overdue by %(days)s day", "%(title)s, overdue by %(days)s days", days)
        return NextStep(late % {**values, "days": days}, "danger", "error")
    if day == today:
        text = _("Today: %(title)s") if task.is_all_day else _("Today %(time)s: %(title)s")
        return NextStep(text % values, "success", "follow_up")
    return NextStep(_("%(day)s: %(title)s") % values, "", "calendar")


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board."""

    deal: Opportunity
    step: NextStep
    days: int
    stale: str


def cards_of(deals: Iterable[Opportunity]) -> list[Card]:
    """Deals that know their next tasks, ready to draw."""
    now = clock.now()
    return [
        Card(deal, next_step(deal.next_task, now), days_in_stage(deal, now), staleness(deal, now))  # type: ignore[attr-defined]
        for deal in deals
    ]


def days_text(days: int) -> Any:
    """How long in the stage."""
    return ngettext("%(days)s day in stage", "%(days)s days in stage", days) % {"days": days}
