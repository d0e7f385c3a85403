"""From a state to rows: a capped, unordered probe first, then the page.

Narrow sets (up to `PROBE` rows) are sorted over their ids; wide ones walk the sort's index. So a viewer who
sees little never waits for a walk over everybody's rows, and nobody waits for a count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.fields.tags import with_names

from ..lists import Column, ListPage
from . import state as states
from .custom_filters import custom_filters
from .state import ListState

PROBE = 2000
COUNT_CAP = 1000
CACHE_SECONDS = 60
#: Beyond this page the list asks for a date: an OFFSET that far reads everything before it.
FAR_PAGE = 40


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows. exact: the number, or None above the cap; `text` is what a person reads."""

    exact: int | None

    @property
    def text(self) -> str:
        return f"{COUNT_CAP:,}+" if self.exact is None else f"{self.exact:,}"


@dataclass(slots=True)
class Rows:
    """A list for one actor and one state. Build it with `rows_for`; every reader (page, job, export) uses this."""

    page: ListPage
    actor: Actor
    state: ListState
    request: HttpRequest | None = None
    #: Set by the probe: ids of a narrow set.
    _ids: list[int] | None = field(default=None, init=False)
    _probed: bool = field(default=False, init=False)
    _filterset: Any = field(default=None, init=False)
    _found: QuerySet[Any] | None = field(default=None, init=False)

    @property
    def filterset(self) -> Any:
        """The bound filterset, or None."""
        if self._filterset is None and self.page.filterset is not None:
            rows = self._visible()
            self._filterset = self.page.filterset(
                self.state.filters, queryset=rows, request=_Reader(self.actor, self.request)
            )
            self._filterset.filters.update(custom_filters(self.page.key))
        return self._filterset

    def _visible(self) -> QuerySet[Any]:
        """What of the list's rows the actor sees."""
        rows: QuerySet[Any] = self.page.model._default_manager.all().visible_to(self.actor)  # type: ignore[attr-defined]
        return self.page.base(rows) if self.page.base is not None else rows

    def queryset(self) -> QuerySet[Any]:
        """Visible, filtered and searched; not ordered. A filter with a value it cannot read is left out."""
        if self._found is None:
            rows = self._visible()
            if self.filterset is not None:
                self.filterset.is_valid()
                rows = _filtered(self.filterset, rows)
            if self.state.q and self.page.search is not None:
                rows = self.page.search(rows, self.state.q, self.actor)
            self._found = rows.order_by()
        return self._found.all()

    def narrow_ids(self) -> list[int] | None:
        """The ids when the set is narrow, else None. One query, none while a wide answer is remembered."""
        if not self._probed:
            self._probed = True
            key = f"list:{self.digest()}"
            if cache.get(key) != "wide":
                ids = list(self.queryset().values_list("pk", flat=True)[: PROBE + 1])
                self._ids = ids if len(ids) <= PROBE else None
                if self._ids is None:
                    cache.set(key, "wide", CACHE_SECONDS)
        return self._ids

    def size(self) -> Size:
        """The size as far as it is known without counting everything."""
        ids = self.narrow_ids()
        if ids is not None:
            return Size(len(ids))
        return Size(self.queryset().count() if self.state.exact else None)

    def ordered(self) -> QuerySet[Any]:
        """Every row in the state's order, ties broken by id."""
        ids = self.narrow_ids()
        rows = self.page.model._default_manager.filter(pk__in=ids) if ids is not None else self.queryset()
        rows = rows.order_by(*self._order())
        return rows if not self.state.from_date else self._from_date(rows)

    def slice(self) -> PageOfRows:
        """The rows of the page, prepared for drawing. One query on top of the probe, whatever the page size."""
        size, per, number = self.size(), self.state.per, self.state.page
        if size.exact is not None:
            number = min(number, max(1, -(-size.exact // per)))
        too_far = number > FAR_PAGE and size.exact is None
        if too_far:
            number = 1
        rows = self.ordered()
        rows = with_names(self.page.key, self.page.prepare(rows, self.actor) if self.page.prepare else rows)
        start = (number - 1) * per
        found = list(rows[start : start + per + 1])
        return PageOfRows(found[:per], number, per, start, size, len(found) > per, too_far)

    def _order(self) -> list[Any]:
        """The sort's column, rows without a value last both ways, then the id."""
        key = self.state.sort
        column = self.page.column(key.removeprefix("-"))
        if column is None:
            return ["-pk"]
        sign = "-" if key.startswith("-") else ""
        if not isinstance(column.sort, str):
            return [OrderBy(column.sort, descending=bool(sign), nulls_last=True if sign else None), f"{sign}pk"]
        if column.sort == "pk":
            return [f"{sign}pk"]
        # Only where it is needed: an index serves NULLS LAST downwards only when it was built so.
        if sign and may_be_null(self.page.model, column.sort):
            return [F(column.sort).desc(nulls_last=True), "-pk"]
        return [f"{sign}{column.sort}", f"{sign}pk"]

    def _from_date(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The date jump: rows of that day and earlier, or later when the sort ascends."""
        day, column = parse_day(self.state.from_date), self.page.column(self.page.date_jump)
        if day is None or column is None:
            return rows
        if self.state.sort.startswith("-"):
            return rows.filter(**{f"{column.sort}__lt": _midnight(day + dt.timedelta(days=1), self.page, column)})
        return rows.filter(**{f"{column.sort}__gte": _midnight(day, self.page, column)})

    def digest(self) -> str:
        """Stands for the viewer, their rights and the filters; the cache key of what is known about the size."""
        grants = self.actor.effective.grants
        seen = (
            sorted(grants.scopes.items()),
            grants.team_ids,
            grants.department_ids,
            sorted(grants.permissions),
        )
        query = self.state.filters.copy()
        query["q"] = self.state.q
        text = repr((self.actor.kind, self.actor.id, seen, self.page.key, sorted(query.lists())))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """One page. start: rows before it. too_far: the address asked for a page that only a date can reach."""

    rows: Sequence[Any]
    number: int
    per: int
    start: int
    size: Size
    has_next: bool
    too_far: bool

    @property
    def start_index(self) -> int:
        return self.start + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return self.start + len(self.rows)

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def pages(self) -> list[int | None]:
        """Page numbers for the pager, None for a gap; only those that can be reached."""
        final = -(-self.size.exact // self.per) if self.size.exact else self.number + (1 if self.has_next else 0)
        final = max(final, self.number)
        near = {1, *range(self.number - 2, self.number + 3), final}
        wanted = sorted(page for page in near if 1 <= page <= final)
        found: list[int | None] = []
        for page in wanted:
            if found and found[-1] is not None and page - found[-1] > 1:
                found.append(None)
            found.append(page)
        return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a filterset sees as `self.request`: the actor, also inside a job where there is no request."""

    actor: Actor
    request: HttpRequest | None

    @property
    def user(self) -> Any:
        return getattr(self.request, "user", None)


def rows_for(page: ListPage, actor: Actor, state: ListState, request: HttpRequest | None = None) -> Rows:
    """The list of one actor and state."""
    return Rows(page, actor, state, request)


def rows_of_query(page: ListPage, actor: Actor, query: str) -> Rows:
    """The list of a stored query string, as a bulk job, an export or a tab's count reads it."""
    params = QueryDict(query, mutable=True)
    params.setdefault("own", "1")
    return Rows(page, actor, states.read(page, actor, params, (), None))


def capped_count(rows: QuerySet[Any]) -> Size:
    """A count that stops at the cap. Unordered, one query."""
    found = len(rows.order_by().values_list("pk", flat=True)[: COUNT_CAP + 1])
    return Size(found if found <= COUNT_CAP else None)


def chosen_columns(page: ListPage, actor: Actor, wanted: Sequence[str]) -> list[Column]:
    """The columns to draw: those asked for in that order, else the default ones; locked ones always."""
    allowed = page.columns_for(actor)
    if not wanted:
        return [column for column in allowed if column.default or column.locked]
    by_key = {column.key: column for column in allowed}
    locked = [column for column in allowed if column.locked and column.key not in wanted]
    chosen = [by_key[key] for key in dict.fromkeys(wanted) if key in by_key]
    return locked + chosen or [column for column in allowed if column.default]


def parse_day(text: str) -> dt.date | None:
    """A day of the address, or None when it is none, or one so far off that no calendar has its neighbours."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2999 else None


def invalid_filters(filterset: Any) -> list[str]:
    """Sentences for filters whose value could not be read; they are left out."""
    if filterset is None or filterset.is_valid():
        return []
    labels = [
        str(filterset.form.fields[name].label or name)
        for name in filterset.form.errors
        if name in filterset.form.fields
    ]
    return [_("The filter “%(name)s” was left out: its value does not fit.") % {"name": label} for label in labels]


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether the column, or a relation on the way to it, may hold nothing."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if field.null:
            return True
        model = field.related_model or model  # type: ignore[assignment]
    return False


def _filtered(filterset: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """`FilterSet.filter_queryset`, but a bad value costs only its own filter."""
    cleaned = filterset.form.cleaned_data
    for name, item in filterset.filters.items():
        if name in cleaned:
            rows = item.filter(rows, cleaned[name])
    return rows


def _midnight(day: dt.date, page: ListPage, column: Column) -> dt.datetime | dt.date:
    from django.db.models import DateTimeField

    moment = isinstance(page.model._meta.get_field(column.sort), DateTimeField)
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if moment else day
