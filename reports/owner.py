"""The owner's page: how the business does in this month or quarter, beside the same days of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.core import clock, metrics, money
from crm.core.actor import Actor
from crm.core.metrics import Figure, Measure, Span, measures, midnight
from crm.core.rates import Converted, Part, Rates
from sales.choices.targets import Measure as Goal
from sales.choices.targets import Period as Length
from sales.selectors.targets import COMPANY, targets_in
from sales.terms import Term

from .board import company_zone
from .cards.base import Tile
from .cards.tiles import spark
from .periods import Period
from .targets import judged, targets
from .words import change, days_text, figure_text, short, value_text, whole, zone_name

PERIODS = {"month": gettext_lazy("This month"), "quarter": gettext_lazy("This quarter")}
_LENGTHS = {"month": Length.MONTH, "quarter": Length.QUARTER}


@dataclass(frozen=True, slots=True)
class TermPeriod(Period):
    """From the first day of a term to today; before it as many days from the first day of the term before."""

    start_before: dt.date = dt.date.min

    @property
    def previous(self) -> Span:
        back = self.first - self.start_before
        wall = clock.now().astimezone(self.zone).replace(tzinfo=None, microsecond=0) - back
        end = min(wall.replace(tzinfo=self.zone).astimezone(dt.UTC), self.span.start)
        return Span(midnight(self.start_before, self.zone), end, self.zone)

    @property
    def previous_days(self) -> tuple[dt.date, dt.date]:
        last = (self.previous.end - dt.timedelta(microseconds=1)).astimezone(self.zone).date()
        return self.start_before, max(self.start_before, last)


@dataclass(frozen=True, slots=True)
class OwnerPage:
    """What the page shows. notes: which rates were used, and what has none."""

    period: TermPeriod
    term: Term
    tiles: Sequence[Tile]
    notes: Sequence[str]

    @property
    def about(self) -> str:
        """Which days are shown and which they are compared with."""
        return _("%(days)s, %(zone)s, against %(before)s") % {
            "days": days_text(self.period.first, self.period.last),
            "zone": zone_name(self.period.zone),
            "before": days_text(*self.period.previous_days),
        }


def owner_page(viewer: Actor, key: str = "") -> OwnerPage:
    """Every tile that the viewer may read; what an app that is off or a missing right hides is left out.

    key: of `PERIODS`; without one the quarter where the company has targets for quarters and none for the month.
    """
    zone, rates = company_zone(), Rates()
    today = clock.today(zone)
    if key not in PERIODS:
        wanted = (name for name, length in _LENGTHS.items() if _has_target(viewer, Term.around(today, length), rates))
        key = next(wanted, "month")
    term = Term.around(today, _LENGTHS[key])
    period = TermPeriod(key, term.start, today, zone, term.before.start)
    asking = _Asking(viewer, period, term, rates)
    made = [tile for build in _TILES for tile in build(asking)]
    return OwnerPage(period, term, made, asking.notes)


def _has_target(viewer: Actor, term: Term, rates: Rates) -> bool:
    return COMPANY in targets_in(viewer, term, Goal.WON, rates)


class _Asking:
    """Asks what several tiles need once, and keeps what the page must say about rates."""

    def __init__(self, viewer: Actor, period: TermPeriod, term: Term, rates: Rates):
        self.viewer, self.period, self.term, self.rates = viewer, period, term, rates
        self.notes: list[str] = []

    def may(self, *keys: str) -> bool:
        found = [measures.offered(key) for key in keys]
        return all(measure is not None and self.viewer.can(measure.permission) for measure in found)

    def now(self, *keys: str) -> dict[str, Figure]:
        return metrics.figures([measures[key] for key in keys], self.viewer, self.period.span)

    def moved(self, key: str) -> metrics.Trend:
        return metrics.trend([measures[key]], self.viewer, self.period.span, self.period.previous)

    def amounts(self, key: str) -> tuple[Converted, Converted, list[float | None], int]:
        """The period, the one before, each day of the period, and how many records; at the rates of their days."""
        both = Span(self.period.previous.start, self.period.span.end, self.period.zone)
        days = metrics.by_step([measures[key]], self.viewer, both, "day")
        last = self.period.previous_days[1]
        now, before, line, count = Converted(self.rates.base), Converted(self.rates.base), [], 0
        for day, figures in days.items():
            total = self.rates.total(self._parts(day, figures[key]))
            if day >= self.period.first:
                now.take(total)
                line.append(float(now.amount))
                count += figures[key].base
            elif day <= last:
                before.take(total)
        self._say(now.notes())
        return now, before, line, count

    def worth(self, figure: Figure) -> Converted:
        """Amounts of the present, at today's rates."""
        total = self.rates.total(self._parts(self.period.last, figure))
        self._say(total.notes())
        return total

    def target(self, goal: str) -> Decimal | None:
        """The company's target of the term; None without one that the viewer may see."""
        return targets_in(self.viewer, self.term, goal, self.rates).get(COMPANY)

    def address(self, key: str) -> str:
        return metrics.address(measures[key], self.period.span)

    def _parts(self, day: dt.date, figure: Figure) -> list[Part]:
        return [Part(code, day, amount) for code, amount in figure.amounts.items()]

    def _say(self, notes: Sequence[str]) -> None:
        self.notes += [note for note in notes if note not in self.notes]


def _money_tile(asking: _Asking, key: str, goal: str, count_text: str, more: str = "") -> Tile:
    measure = measures[key]
    now, before, line, count = asking.amounts(key)
    target = asking.target(goal)
    moved = change(measure, _figure(now), _figure(before))
    sub = more
    if target:
        sub = _("%(percent)s of the target %(target)s") % {
            "percent": value_text(metrics.Unit.RATE, float(now.amount / target)),
            "target": Converted(now.currency, target).text,
        }  # fmt: skip
    return Tile(
        str(measure.label), _short(now), asking.address(key), str(measure.definition), change=moved,
        unit=count_text % {"count": whole(count)}, sub=sub, spark=spark(line),
        whole=now.text, records=count,
    )  # fmt: skip


def _short(total: Converted) -> str:
    """An amount that fits a tile on a phone; the whole of it stands in the tile's hint."""
    if abs(total.amount) < 10_000:
        return total.text
    return f"{money.SIGNS.get(total.currency, f'{total.currency} ')}{short(float(total.amount))}"


def _figure(total: Converted) -> Figure:
    return Figure(float(total.amount), total.count, {total.currency: total.amount})


def _received(asking: _Asking) -> list[Tile]:
    if not asking.may("payments.received"):
        return []
    return [_money_tile(asking, "payments.received", Goal.PAID, _("%(count)s payments"))]


def _won(asking: _Asking) -> list[Tile]:
    if not asking.may("sales.won_amount", "sales.win_rate"):
        return []
    rate = asking.moved("sales.win_rate").now["sales.win_rate"]
    text = _("win rate %(rate)s") % {"rate": figure_text(measures["sales.win_rate"], rate)}
    return [_money_tile(asking, "sales.won_amount", Goal.WON, _("%(count)s deals"), text)]


def _pipeline(asking: _Asking) -> list[Tile]:
    if not asking.may("sales.open_amount"):
        return []
    found = asking.now("sales.open_amount", "sales.weighted")
    amount, weighted = (asking.worth(found[key]) for key in ("sales.open_amount", "sales.weighted"))
    measure = measures["sales.open_amount"]
    return [
        Tile(
            str(measure.label), _short(amount), asking.address(measure.key), str(measure.definition),
            unit=_("%(count)s open") % {"count": whole(found[measure.key].base)},
            sub=_("weighted %(amount)s") % {"amount": _short(weighted)}, whole=amount.text,
            records=found[measure.key].base,
        )
    ]  # fmt: skip


def _owed(asking: _Asking) -> list[Tile]:
    if not asking.may("payments.outstanding", "payments.overdue"):
        return []
    found = asking.now("payments.outstanding", "payments.overdue")
    amount, late = (asking.worth(found[key]) for key in ("payments.outstanding", "payments.overdue"))
    tiles = []
    for key, total, icon in (("payments.outstanding", amount, ""), ("payments.overdue", late, "breached")):
        measure, count = measures[key], found[key].base
        label = _("Payments overdue") if icon else str(measure.label)
        tiles.append(
            Tile(
                label, _short(total), asking.address(key), str(measure.definition), icon=icon,
                tone="danger" if icon and count else "", whole=total.text, records=count,
                sub=ngettext("%(count)s instalment", "%(count)s instalments", count) % {"count": whole(count)},
            )
        )  # fmt: skip
    return tiles


def _backlog(asking: _Asking) -> list[Tile]:
    if not asking.may("tickets.open"):
        return []
    found = asking.now("tickets.open", "tickets.breached")
    late = found["tickets.breached"]
    return [
        _plain(asking, "tickets.open", found["tickets.open"], label=_("Open tickets")),
        _plain(
            asking,
            "tickets.breached",
            late,
            tone="danger" if late.base else "",
            icon="breached",
            label=_("Tickets overdue"),
        ),
    ]


def _rates(asking: _Asking) -> list[Tile]:
    tiles = []
    wanted = targets()
    for key in ("tickets.sla_met", "tickets.satisfaction"):
        if asking.may(key):
            found = asking.moved(key)
            measure, now = measures[key], found.now[key]
            base = _("of %(count)s") if key == "tickets.sla_met" else _("from %(count)s answers")
            tiles.append(
                Tile(
                    str(measure.label), figure_text(measure, now), asking.address(key) if now.base else "",
                    str(measure.definition), change=change(measure, now, found.before[key]),
                    unit=base % {"count": whole(now.base)}, sub=judged(measure, now.value, wanted.get(key)),
                    records=now.base,
                    spark=spark([figures[key].value for figures in found.days.values()]),
                )
            )  # fmt: skip
    return tiles


def _risk(asking: _Asking) -> list[Tile]:
    """Customers who stop buying, and those who may not pay."""
    subs = {"customers.at_risk": _("next order overdue"), "customers.risky": _("by disputes, debts or by hand")}
    wanted = [key for key in subs if asking.may(key)]
    found = asking.now(*wanted) if wanted else {}
    return [_plain(asking, key, found[key], sub=subs[key], tone="caution" if found[key].base else "") for key in wanted]


#: Figures of campaigns, where the app is on and declares them.
CAMPAIGNS = ("campaigns.sent", "campaigns.click_rate")


def _campaigns(asking: _Asking) -> list[Tile]:
    wanted = [key for key in CAMPAIGNS if asking.may(key)]
    found = asking.now(*wanted) if wanted else {}
    return [
        _plain(asking, key, found[key], label=_("Campaigns: %(figure)s") % {"figure": measures[key].label})
        for key in wanted
    ]


def _plain(
    asking: _Asking, key: str, figure: Figure, *, label: str = "", sub: str = "", tone: str = "", icon: str = ""
) -> Tile:
    measure: Measure = measures[key]
    url = asking.address(key) if figure.base else ""
    return Tile(
        label or str(measure.label), figure_text(measure, figure), url, str(measure.definition), tone=tone, sub=sub,
        icon=icon, records=figure.base,
    )  # fmt: skip


_TILES: tuple[Any, ...] = (_received, _won, _pipeline, _owed, _backlog, _rates, _risk, _campaigns)
