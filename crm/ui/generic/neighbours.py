"""Previous and next in a view: a record's page reached from a list walks on through that list.

The address carries the view (`?view=` + its query string) and, once the record changes, where it stood (`&at=`): its
value in the sorted column. So the walk goes on from that place even when the record has left the view or has moved in
it. Each neighbour is one look-up by keyset; the list is never loaded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.urls import reverse

from crm.core.actor import Actor

from ..lists import ListPage
from .cells import url_of
from .engine import Rows, may_be_null, rows_of_query

#: Parameters of a record's page that keep the walk.
VIEW, AT = "view", "at"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Neighbours:
    """previous, next: addresses, "" at an end. position and size: known for narrow lists while the record is in it.

    view, at: what the record's own forms send along, so that the walk survives them.
    """

    list_url: str
    view: str
    at: str
    previous: str = ""
    next: str = ""
    position: int | None = None
    size: int | None = None

    def kept(self, url: str) -> str:
        """The address with the walk in it."""
        return walking(url, self.view, self.at)


def walking(url: str, view: str, at: str = "") -> str:
    """A record's address within a view."""
    query = QueryDict(mutable=True)
    query[VIEW] = view
    if at:
        query[AT] = at
    return f"{url}?{query.urlencode()}"


def neighbours(page: ListPage, actor: Actor, record: Model, view: str, at: str = "") -> Neighbours | None:
    """Where a record stands in a view; None without one. Three queries, five for a narrow list."""
    if not view or len(view) > LONGEST or "\x00" in view:
        return None
    rows = rows_of_query(page, actor, view)
    walk = _Walk(rows, record, at)
    before, after = walk.nearest(ahead=False), walk.nearest(ahead=True)
    position, size = walk.place()
    return Neighbours(
        list_url=f"{reverse(page.url_name)}?{view}",
        view=view,
        at=walk.text,
        previous=walking(url_of(before), view) if before is not None else "",
        next=walking(url_of(after), view) if after is not None else "",
        position=position,
        size=size,
    )


class _Walk:
    """The order of a list as conditions on one row's value and id."""

    def __init__(self, rows: Rows, record: Model, at: str):
        self.rows, self.record = rows, record
        key = rows.state.sort
        column = rows.page.column(key.removeprefix("-")) if key else None
        self.descends = key.startswith("-") if column is not None else True
        sort = column.sort if column is not None and column.sort != "pk" else None
        self.key = F(sort) if isinstance(sort, str) else sort
        self.may_be_null = not isinstance(sort, str) or may_be_null(rows.page.model, sort)
        self.value = self._value(at) if self.key is not None else None
        self.text = self.value.isoformat() if isinstance(self.value, dt.datetime) else str(self.value or "")

    def _value(self, at: str) -> Any:
        """The record's value in the sorted column: as the address says, else as it is now."""
        found = self._keyed(type(self.record)._base_manager.filter(pk=self.record.pk))  # type: ignore[attr-defined]
        present = found.values_list("walk_key", flat=True).first()
        if not at or not isinstance(present, dt.datetime):
            return present
        try:
            return DateTimeField().to_python(at)
        except ValidationError:
            return present

    def _keyed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(walk_key=self.key) if self.key is not None else rows

    def nearest(self, *, ahead: bool) -> Any:
        """The next row of the list after the record (or before it), None at the end."""
        rows = self._side(ahead=ahead)
        up = self.descends != ahead
        if self.key is None:
            return rows.order_by("pk" if up else "-pk").first()
        # Rows without a value come last in both directions of the sort, so first when walking back.
        last = {"nulls_last" if ahead else "nulls_first": True} if self.may_be_null else {}
        return rows.order_by(OrderBy(F("walk_key"), descending=not up, **last), "pk" if up else "-pk").first()

    def _side(self, *, ahead: bool) -> QuerySet[Any]:
        return self._keyed(self.rows.queryset()).filter(self._beyond(ahead)).exclude(pk=self.record.pk)

    def _beyond(self, ahead: bool) -> Q:
        """Rows on one side of the record in the order of the list."""
        up = self.descends != ahead
        tie = Q(pk__gt=self.record.pk) if up else Q(pk__lt=self.record.pk)
        if self.key is None:
            return tie
        empty = Q(walk_key__isnull=True)
        if self.value is None:
            return (empty & tie) if ahead else (empty & tie) | Q(walk_key__isnull=False)
        further = Q(walk_key__gt=self.value) if up else Q(walk_key__lt=self.value)
        # Said twice, so that an index is entered at the place instead of being read up to it.
        limit = Q(walk_key__gte=self.value) if up else Q(walk_key__lte=self.value)
        found = limit & (further | tie)
        return found | empty if ahead and self.may_be_null else found

    def place(self) -> tuple[int | None, int | None]:
        """Its number in the list and the list's size, only for a narrow list that still holds it."""
        ids = self.rows.narrow_ids()
        if ids is None or self.record.pk not in ids:
            return None, None
        return self._side(ahead=False).count() + 1, len(ids)
