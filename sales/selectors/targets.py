"""What is to be sold, by whom, in one currency."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm.accounts.models import Department, Team, User
from crm.core.actor import Actor, Scope
from crm.core.rates import Part, Rates

from ..choices.targets import Measure, Period
from ..models import Target
from ..terms import Term, terms_of

#: Who holds a target: the column and the id; the company's is ("company", 0).
Holder = tuple[str, int]
COMPANY: Holder = ("company", 0)


def holder_of(target: Target) -> Holder:
    """Who holds it."""
    for name in ("user", "team", "department"):
        pk = getattr(target, f"{name}_id")
        if pk is not None:
            return name, pk
    return COMPANY


def targets_in(viewer: Actor, term: Term, measure: str, rates: Rates) -> dict[Holder, Decimal]:
    """Everybody's target of a term. One that has none is the sum of its quarters, or else of its months. One query."""
    rows = Target.objects.visible_to(viewer).filter(measure=measure, starts_on__in=term.months())
    known: dict[str, dict[Holder, Decimal]] = {period: defaultdict(Decimal) for period in Period}
    for row in rows:
        if Period(row.period).months <= term.period.months:
            amount = rates.total([Part(row.currency, row.starts_on, row.amount)]).amount
            known[row.period][holder_of(row)] += amount
    return {**known[Period.MONTH], **known[Period.QUARTER], **known[Period.YEAR]}


@dataclass(slots=True)
class GridRow:
    """A holder and what they are to reach in each term of the year. cells: the first day of each term → the amount."""

    holder: Holder
    record: Any
    cells: dict[dt.date, Decimal | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.holder[0]}-{self.holder[1]}"

    @property
    def total(self) -> Decimal:
        return sum((amount for amount in self.cells.values() if amount), Decimal(0))


def holders(viewer: Actor, kind: str) -> list[tuple[Holder, Any]]:
    """Whose targets the viewer may see and set: people, teams or departments of their scope, the company for all."""
    scope, grants = viewer.scope("opportunities"), viewer.effective.grants
    rows: Any
    if kind == "team":
        rows = Team.objects.active().order_by("pk")
        if scope < Scope.ALL:
            rows = rows.filter(pk__in=[*grants.team_ids, *grants.department_team_ids])
    elif kind == "department":
        rows = Department.objects.order_by("path")
        if scope < Scope.ALL:
            rows = rows.filter(pk__in=grants.department_ids if scope == Scope.DEPARTMENT else [])
    else:
        rows = User.objects.active().filter(roles__in=_selling_roles()).distinct().order_by("sort_key")
        if scope == Scope.DEPARTMENT:
            rows = rows.filter(department__in=grants.department_ids)
        elif scope == Scope.TEAM:
            rows = rows.filter(memberships__team__in=grants.team_ids)
        elif scope < Scope.TEAM:
            rows = rows.filter(pk=viewer.effective.id or 0)
    found: list[tuple[Holder, Any]] = [((kind, row.pk), row) for row in rows]
    return [(COMPANY, None), *found] if kind == "department" and scope == Scope.ALL else found


def grid(viewer: Actor, *, year: int, period: Period, measure: Measure, kind: str) -> list[GridRow]:
    """The targets of a year as rows of holders. Two queries."""
    rows = {holder: GridRow(holder, record) for holder, record in holders(viewer, kind)}
    starts = [term.start for term in terms_of(year, period)]
    for row in rows.values():
        row.cells = dict.fromkeys(starts)
    found = Target.objects.visible_to(viewer).filter(period=period, measure=measure, starts_on__in=starts)
    for target in found:
        if (row_ := rows.get(holder_of(target))) is not None:
            row_.cells[target.starts_on] = target.amount
    return list(rows.values())


def totals(rows: Sequence[GridRow], starts: Sequence[dt.date]) -> list[Decimal]:
    """What all rows but the company's are to reach, term by term."""
    parts = [row for row in rows if row.holder != COMPANY]
    return [sum((row.cells[start] or Decimal(0) for row in parts), Decimal(0)) for start in starts]


def _selling_roles() -> list[int]:
    """Roles that may work on opportunities."""
    from crm.accounts.models import Role

    return list(Role.objects.filter(permissions__contains=["opportunities.update"]).values_list("pk", flat=True))
