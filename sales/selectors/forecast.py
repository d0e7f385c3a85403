"""The forecast of a month or quarter: won so far, open deals by how sure they are, and the target.

Every amount is converted into the company's currency: open deals at today's rate, won ones at that of the day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Sum, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.accounts.models import Department, Team, TeamMembership, User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.metrics import moment_param
from crm.core.rates import Converted, Part, Rates

from ..categories import in_category
from ..choices.opportunities import ForecastCategory
from ..choices.targets import Measure
from ..models import Opportunity, Payment
from ..querysets.opportunities import WEIGHTED, OpportunityQuerySet
from ..terms import Term, company_zone
from .targets import COMPANY, targets_in

CATEGORIES = tuple(ForecastCategory)


@dataclass(frozen=True, slots=True)
class Ask:
    """Which deals a forecast is about: a term, and any of a pipeline, department, team and owner by id.

    by: what its lines are, "owner", "team" or "department" (the deal's own).
    """

    term: Term
    by: str = "owner"
    pipeline: int | None = None
    department: int | None = None
    team: int | None = None
    owner: int | None = None

    @property
    def params(self) -> dict[str, Any]:
        """What of it the list of deals understands."""
        named = {name: getattr(self, name) for name in ("pipeline", "department", "team", "owner")}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(slots=True)
class Figures:
    """A line of the forecast. key: the id of the owner, team or department, "none", or "" for all."""

    key: str
    label: str
    base: str
    target: Decimal | None = None
    target_of: str = ""
    urls: dict[str, str] = field(default_factory=dict)
    sums: dict[str, Converted] = field(init=False)

    def __post_init__(self) -> None:
        self.sums = {name: Converted(self.base) for name in ("won", "weighted", *CATEGORIES)}

    @property
    def won(self) -> Converted:
        return self.sums["won"]

    @property
    def open(self) -> Converted:
        """The open deals together."""
        total = Converted(self.base)
        for name in CATEGORIES:
            total.take(self.sums[name])
        return total

    @property
    def expected(self) -> Decimal:
        """Won so far, and what may be expected of the open deals."""
        return self.won.amount + self.sums["weighted"].amount

    @property
    def gap(self) -> Decimal | None:
        """What is still to be won; None without a target, 0 when it is reached."""
        return None if self.target is None else max(Decimal(0), self.target - self.won.amount)

    @property
    def percent(self) -> int | None:
        """Won of the target, in whole per cent, rounded down."""
        return int(100 * self.won.amount / self.target) if self.target else None


@dataclass(slots=True)
class Forecast:
    """The lines, and all of them together. notes: which rates were used and what has none."""

    total: Figures
    lines: list[Figures]
    late: int
    late_url: str

    @property
    def notes(self) -> list[str]:
        both = Converted(self.total.base)
        both.take(self.total.won)
        both.take(self.total.open)
        return both.notes()


def deals_of(viewer: Actor, ask: Ask) -> OpportunityQuerySet:
    """The deals a forecast is about, whatever their dates."""
    rows: OpportunityQuerySet = Opportunity.objects.visible_to(viewer)
    if ask.pipeline is not None:
        rows = rows.filter(pipeline_id=ask.pipeline)
    if ask.department is not None:
        rows = rows.filter(department_id=ask.department)
    if ask.team is not None:
        rows = rows.filter(owner_id__in=TeamMembership.objects.filter(team_id=ask.team).values("user_id"))
    return rows.filter(owner_id=ask.owner) if ask.owner is not None else rows


def list_url(ask: Ask, **params: Any) -> str:
    """The list that shows exactly the deals of a figure."""
    query = {"view": "all", "own": "1", **ask.params, **params}
    return f"{reverse('sales:opportunity_list')}?{urlencode(query, doseq=True)}"


def forecast(viewer: Actor, ask: Ask, rates: Rates) -> Forecast:
    """The figures of a term, in lines by owner, team or department.

    A person of several teams counts in each line, once in all.
    """
    zone, total = company_zone(), Figures("", _("All"), rates.base)
    found: dict[int | None, Figures] = defaultdict(lambda: Figures("", "", rates.base))
    rows, column = deals_of(viewer, ask), "department_id" if ask.by == "department" else "owner_id"
    for holder, name, part in [*_open_parts(rows, ask.term, column), *_won_parts(rows, ask.term, zone, column)]:
        for figures in (total, found[holder]):
            figures.sums[name].take(rates.total([part]))
    targets = targets_in(viewer, ask.term, Measure.WON, rates)
    kind = "user" if ask.by == "owner" else ask.by
    lines = _by_team(found, ask, rates.base) if ask.by == "team" else _by_holder(found, kind, targets, rates.base)
    for line in lines:
        line.target = targets.get((kind, int(line.key))) if line.key != "none" else None
        line.urls = _urls(ask, zone, {ask.by: line.key})
    total.urls = _urls(ask, zone, {})
    total.target, total.target_of = _whole_target(viewer, ask, targets, lines)
    late = rows.open().filter(expected_close__lt=min(clock.today(zone), ask.term.start)).count()
    lines.sort(key=lambda line: (-line.expected, line.label))
    return Forecast(total, lines, late, list_url(ask, state="open", close_to=ask.term.start))


@dataclass(slots=True)
class Paid:
    """What came in during a term, beside its target."""

    total: Converted
    target: Decimal | None
    url: str

    @property
    def percent(self) -> int | None:
        """Of the target, in whole per cent, rounded down."""
        return int(100 * self.total.amount / self.target) if self.target else None


def paid(viewer: Actor, ask: Ask, rates: Rates) -> Paid | None:
    """Payments of a term, of one owner's contracts or of all, less what was paid back. Two queries.

    None without the right to see payments, and for a pipeline, department or team, since payments know none.
    """
    if not viewer.can("payments.view") or any(each is not None for each in (ask.pipeline, ask.department, ask.team)):
        return None
    rows = Payment.objects.visible_to(viewer).filter(received_on__gte=ask.term.start, received_on__lt=ask.term.end)
    if ask.owner is not None:
        rows = rows.filter(contract__owner_id=ask.owner)
    groups = rows.order_by().values("currency", "received_on").annotate(n=Count("pk"), total=Sum("amount"))
    total = rates.total(Part(row["currency"], row["received_on"], row["total"], row["n"]) for row in groups)
    holder = ("user", ask.owner) if ask.owner is not None else COMPANY
    query: dict[str, Any] = {"own": "1", "received_from": ask.term.start, "received_to": ask.term.end}
    if ask.owner is not None:
        query["owner"] = ask.owner
    target = targets_in(viewer, ask.term, Measure.PAID, rates).get(holder)
    return Paid(total, target, f"{reverse('contracts:payment_list')}?{urlencode(query)}")


def _open_parts(rows: OpportunityQuerySet, term: Term, column: str) -> Iterable[tuple[int | None, str, Part]]:
    """Open deals that should close in the term, by a column, category and currency; then weighted. One query."""
    sure = [When(in_category(name), then=Value(str(name))) for name in CATEGORIES]
    open_rows = rows.open().filter(expected_close__gte=term.start, expected_close__lt=term.end).with_chance()
    groups = open_rows.annotate(sure=Case(*sure, output_field=CharField())).order_by()
    today = clock.today()
    found = groups.values(column, "sure", "currency").annotate(
        n=Count("pk"), total=Sum("amount"), weighted=Sum(WEIGHTED)
    )
    for row in found:
        yield row[column], row["sure"], Part(row["currency"], today, row["total"], row["n"])
        yield row[column], "weighted", Part(row["currency"], today, row["weighted"], row["n"])


def _won_parts(
    rows: OpportunityQuerySet, term: Term, zone: dt.tzinfo, column: str
) -> Iterable[tuple[int | None, str, Part]]:
    """Deals won in the term, by a column, day and currency. One query."""
    start, end = term.moments(zone)
    groups = rows.filter(won_at__gte=start, won_at__lt=end).annotate(day=TruncDate("won_at", tzinfo=zone)).order_by()
    for row in groups.values(column, "day", "currency").annotate(n=Count("pk"), total=Sum("amount")):
        yield row[column], "won", Part(row["currency"], row["day"], row["total"], row["n"])


def _by_holder(
    found: Mapping[int | None, Figures], kind: str, targets: Mapping[Any, Decimal], base: str
) -> list[Figures]:
    """A line for each owner or department of a deal, and each with a target."""
    ids = {pk for pk in found if pk is not None} | {pk for holder, pk in targets if holder == kind}
    model, nobody = (User, _("Nobody")) if kind == "user" else (Department, _("Without a department"))
    names = {row.pk: str(row.name) for row in model._default_manager.filter(pk__in=ids)}  # type: ignore[attr-defined]
    lines = []
    for pk in [*sorted(ids & set(names)), *([None] if None in found else [])]:
        line = found[pk] if pk in found else Figures("", "", base)
        line.key, line.label = str(pk or "none"), names[pk] if pk is not None else nobody
        lines.append(line)
    return lines


def _by_team(found: Mapping[int | None, Figures], ask: Ask, base: str) -> list[Figures]:
    """A line for each team of an owner, and one for owners without a team."""
    teams: dict[int | None, list[int]] = defaultdict(list)
    for user, team in TeamMembership.objects.filter(user__in=[pk for pk in found if pk]).values_list("user", "team"):
        teams[user].append(team)
    names = {row.pk: str(row) for row in Team.objects.all()}
    lines: dict[str, Figures] = {}
    for owner, figures in found.items():
        for team in teams.get(owner) or [0]:
            if ask.team is not None and team != ask.team:
                continue
            label = names.get(team) or _("Without a team")
            line = lines.setdefault(str(team or "none"), Figures(str(team or "none"), label, base))
            for name, total in figures.sums.items():
                line.sums[name].take(total)
    return list(lines.values())


def _urls(ask: Ask, zone: dt.tzinfo, narrowed: dict[str, Any]) -> dict[str, str]:
    """The list behind each figure of a line."""
    start, end = ask.term.moments(zone)
    closing = {"close_from": ask.term.start, "close_to": ask.term.end, **narrowed}
    won = {"state": "won", "won_from": moment_param(start), "won_to": moment_param(end), **narrowed}
    return {
        "won": list_url(ask, **won), "weighted": list_url(ask, state="open", **closing),
        **{str(name): list_url(ask, category=str(name), **closing) for name in CATEGORIES},
    }  # fmt: skip


def _whole_target(
    viewer: Actor, ask: Ask, targets: Mapping[Any, Decimal], lines: Iterable[Figures]
) -> tuple[Decimal | None, str]:
    """The target that all lines together are measured by, and whose it is."""
    if ask.owner is not None:
        return targets.get(("user", ask.owner)), _("target of this person")
    if ask.team is not None:
        return targets.get(("team", ask.team)), _("target of this team")
    if ask.department is not None:
        return targets.get(("department", ask.department)), _("target of this department")
    if COMPANY in targets:
        return targets[COMPANY], _("target of the whole company")
    own = User.objects.filter(pk=viewer.user_id or 0).values_list("department_id", flat=True).first()
    if ("department", own) in targets:
        return targets["department", own], _("target of your department")
    known = [line.target for line in lines if line.target is not None]
    return (sum(known, Decimal(0)), _("sum of the targets below")) if known else (None, "")
