"""Querysets of calendars, shifts and clocks."""

from __future__ import annotations

from typing import Self

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet
from crm.core.sockets import clock_kinds

from .choices import ClockState


class ShiftQuerySet(BaseQuerySet):
    """Everybody sees their own shifts; those of others need the permission to view calendars."""

    def visible_to(self, actor: Actor) -> Self:
        if not (actor.is_staff or actor.is_system):
            return self.none()
        return self if actor.can("calendars.view") else self.filter(user_id=actor.effective.user_id)


class ClockQuerySet(BaseQuerySet):
    """Clocks are read through their owner, whose access is theirs."""

    def of(self, kind: str, object_id: int) -> Self:
        """All cycles of one clock of a subject, the latest first. Raises `KeyError` for an unknown kind."""
        return self.filter(kind=clock_kinds[kind].code, object_id=object_id).order_by("-cycle")

    def ticking(self) -> Self:
        """Those whose deadline still counts."""
        return self.filter(state__in=(ClockState.RUNNING, ClockState.PAUSED))
