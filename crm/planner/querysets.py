"""Who sees which tasks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Self

from django.db.models import Exists, Model, OuterRef, Q

from crm.activity.recording import kind_of
from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, SeenWithQuerySet

from . import subjects


class AboutRecords(BaseQuerySet):
    """Rows about a record, by (kind, object_id)."""

    _viewer: Actor | None = None

    def on(self, record: Model) -> Self:
        """The rows of a record."""
        return self.filter(kind=kind_of(record).code, object_id=record.pk)

    def matching(self, text: str) -> Self:
        """By title, pinyin included."""
        return self.filter(search_key__contains=names.fold(text)) if text.strip() else self

    def with_subjects(self, viewer: Actor) -> Self:
        """Fetched rows know their record as `subject`, None where the viewer may not open it. A query a kind."""
        rows = self._chain()
        rows._viewer = viewer
        return rows

    def _clone(self) -> Any:
        clone = super()._clone()
        clone._viewer = self._viewer
        return clone

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._viewer is not None:
            _attach([row for row in self._result_cache or () if isinstance(row, Model)], self._viewer)


class TaskQuerySet(AboutRecords):
    """Tasks: one's own, those of one's teams, and those on records one may see."""

    def visible_to(self, actor: Actor) -> Self:
        who = actor.effective
        if actor.sees_all:
            return self
        if not who.is_staff or not actor.can("planner.view"):
            return self.none()
        own = Q(assignee_id=who.id) | Q(created_by_id=who.id) | Q(team_id__in=who.grants.team_ids)
        return self.filter(own | subjects.on_visible_subjects(who))

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def overdue(self, moment: Any) -> Self:
        """Open, and due before the moment (a `datetime`, or an expression)."""
        return self.open().filter(due_at__lt=moment)

    def mine(self, actor: Actor) -> Self:
        return self.filter(assignee_id=actor.user_id or 0)


class MeetingQuerySet(AboutRecords):
    """Meetings: those one takes part in or called, and those on records one may see."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import MeetingAttendee

        who = actor.effective
        if actor.sees_all:
            return self
        if not who.is_staff or not actor.can("planner.view"):
            return self.none()
        seats = MeetingAttendee.objects.filter(user_id=who.id, meeting=OuterRef("pk"))
        own = Q(organizer_id=who.id) | Q(Exists(seats))
        return self.filter(own | subjects.on_visible_subjects(who))

    def planned(self) -> Self:
        """Not called off."""
        return self.filter(cancelled_at__isnull=True)

    def to_come(self, moment: Any) -> Self:
        """Those that people still expect."""
        return self.planned().filter(held_at__isnull=True, ends_at__gt=moment)

    def between(self, start: Any, end: Any) -> Self:
        """Those that share some time with the span."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def of_users(self, ids: Any) -> Self:
        """Those that any of the colleagues takes part in."""
        from .models import MeetingAttendee

        return self.filter(Exists(MeetingAttendee.objects.filter(user__in=ids, meeting=OuterRef("pk"))))


class OfMeetingQuerySet(SeenWithQuerySet):
    """Seats are seen with their meeting."""

    seen_with = "meeting"


class OfSeatQuerySet(BaseQuerySet):
    """Proposed times are seen with their meeting."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Meeting

        return self.filter(seat__meeting__in=Meeting.objects.visible_to(actor))


def _attach(rows: list[Any], viewer: Actor) -> None:
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        row.subject = None
        if row.kind is not None:
            wanted[row.kind].add(row.object_id)
    found: dict[tuple[int, int], Any] = {}
    for code, ids in wanted.items():
        declared = subjects.by_code(code)
        if declared is not None:
            found |= {(code, record.pk): record for record in declared.rows(viewer).filter(pk__in=ids)}
    for row in rows:
        row.subject = found.get((row.kind, row.object_id))
