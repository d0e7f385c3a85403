"""How a forecast came to be what it is, and how good earlier ones were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.rates import Converted, Part, Rates

from ..categories import COMMIT
from ..changes import SAME, Change, Since
from ..models import ForecastSnapshot
from ..querysets.opportunities import KEPT_WEIGHTED
from ..terms import company_today, company_zone
from .forecast import Ask, deals_of, list_url

#: How many weeks back there are snapshots to choose from, and weeks in the table of accuracy.
WEEKS = 13


def snapshot_days(before: dt.date) -> list[dt.date]:
    """The latest days before one on which snapshots were taken, newest first. One query."""
    rows = ForecastSnapshot.objects.filter(taken_on__lt=before).order_by("-taken_on")
    return list(rows.values_list("taken_on", flat=True).distinct()[:WEEKS])


@dataclass(slots=True)
class ChangeLine:
    """A kind of change: how many deals, and by how much it moved the forecast (negative where it left)."""

    change: Change
    count: int
    amount: Decimal
    text: str
    url: str


@dataclass(slots=True)
class Movement:
    """The forecast then and now, and what lies between: then + the lines = now."""

    since: dt.date
    then: Converted
    now: Converted
    lines: list[ChangeLine]

    @property
    def notes(self) -> list[str]:
        both = Converted(self.then.currency)
        both.take(self.then)
        both.take(self.now)
        return both.notes()


def movement(viewer: Actor, ask: Ask, since: dt.date, rates: Rates) -> Movement:
    """What changed in a term's open deals since a snapshot, both at today's rates. One query and the rates'."""
    asked, today = Since(since, ask.term.start, ask.term.end), clock.today()
    then, now = Converted(rates.base), Converted(rates.base)
    moved: dict[str, tuple[int, Decimal]] = {}
    groups = asked.rows(deals_of(viewer, ask)).order_by().values("change", "currency", "then_currency")
    for row in groups.annotate(n=Count("pk"), present=Sum("amount"), former=Sum("then")):
        kind, before, after = row["change"], Converted(rates.base), Converted(rates.base)
        if kind not in (Change.NEW, Change.MOVED_IN):
            before = rates.total([Part(row["then_currency"], today, row["former"], row["n"])])
        if kind not in (Change.WON, Change.LOST, Change.MOVED_OUT):
            after = rates.total([Part(row["currency"], today, row["present"], row["n"])])
        then.take(before)
        now.take(after)
        count, amount = moved.get(kind, (0, Decimal(0)))
        moved[kind] = count + row["n"], amount + after.amount - before.amount
    moved.pop(SAME, None)
    lines = [
        ChangeLine(
            change, *moved[change], _signed(moved[change][1], rates.base), list_url(ask, change=asked.param(change))
        )
        for change in Change
        if change in moved
    ]  # fmt: skip
    return Movement(since, then, now, lines)


@dataclass(slots=True)
class Week:
    """What a week's snapshot said of the term: won by then, with what was weighted and with what was committed."""

    taken_on: dt.date
    won: Decimal
    weighted: Decimal
    commit: Decimal
    actual: Decimal | None

    @property
    def expected(self) -> Decimal:
        return self.won + self.weighted

    @property
    def committed(self) -> Decimal:
        return self.won + self.commit

    @property
    def off_percent(self) -> int | None:
        """By how many per cent of what came the expectation lay above (+) or below (−) it."""
        return round(100 * (self.expected - self.actual) / self.actual) if self.actual else None


def accuracy(viewer: Actor, ask: Ask, rates: Rates) -> list[Week]:
    """The term's forecast as it was each week, beside what came once the term is over. Three queries.

    Snapshots are valued at the rates of their own day.
    """
    zone, deals = company_zone(), deals_of(viewer, ask)
    start, end = ask.term.moments(zone)
    groups = deals.filter(won_at__gte=start, won_at__lt=end).annotate(day=TruncDate("won_at", tzinfo=zone)).order_by()
    won = [
        (row["day"], rates.total([Part(row["currency"], row["day"], row["total"])]).amount)
        for row in groups.values("day", "currency").annotate(total=Sum("amount"))
    ]
    kept = ForecastSnapshot.objects.filter(
        opportunity__in=deals, expected_close__gte=ask.term.start, expected_close__lt=ask.term.end,
        taken_on__gte=ask.term.before.start, taken_on__lt=ask.term.end,
    )  # fmt: skip
    sums = kept.order_by().values("taken_on", "currency").annotate(
        weighted=Sum(KEPT_WEIGHTED), commit=Sum("amount", filter=Q(chance__gte=COMMIT))
    )  # fmt: skip
    is_over = company_today() >= ask.term.end
    actual = sum((amount for _day, amount in won), Decimal(0)) if is_over else None
    weeks: dict[dt.date, Week] = {}
    for row in sums:
        day = row["taken_on"]
        week = weeks.setdefault(day, Week(day, _won_by(won, day), Decimal(0), Decimal(0), actual))
        week.weighted += rates.total([Part(row["currency"], day, row["weighted"] or Decimal(0))]).amount
        week.commit += rates.total([Part(row["currency"], day, row["commit"] or Decimal(0))]).amount
    return [weeks[day] for day in sorted(weeks)][-WEEKS:]


def _won_by(won: Iterable[tuple[dt.date, Decimal]], day: dt.date) -> Decimal:
    return sum((amount for on, amount in won if on < day), Decimal(0))


def _signed(amount: Decimal, currency: str) -> str:
    return f"+{money.shown(amount, currency)}" if amount > 0 else money.shown(amount, currency)
