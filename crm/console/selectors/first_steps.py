"""The first steps of a new company: what is reached, read from real data, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team
from crm.core.actor import Actor
from crm.core.first_steps import SetupStep, setup_steps
from crm.core.models import Installation


@dataclass(frozen=True, slots=True)
class StepState:
    """A step as this reader sees it. reached: what was done, in words, or ""."""

    step: SetupStep
    reached: str
    is_skipped: bool
    may_do: bool

    @property
    def is_settled(self) -> bool:
        """Done, or said to be needless."""
        return bool(self.reached) or self.is_skipped


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Every step in order. is_hidden: somebody put the list away. notice: something that has broken since."""

    steps: list[StepState]
    is_hidden: bool
    notice: str

    @property
    def settled(self) -> int:
        return sum(state.is_settled for state in self.steps)

    @property
    def is_finished(self) -> bool:
        return self.settled == len(self.steps)

    @property
    def next(self) -> StepState | None:
        """The first step that is left and that the reader may do."""
        return next((state for state in self.steps if not state.is_settled and state.may_do), None)


def first_steps(viewer: Actor) -> FirstSteps:
    """The list for this viewer. About two queries a step: it is loaded by itself, and only until it is put away."""
    row = Installation.objects.filter(pk=Installation.ONLY).first()
    skipped = set(row.steps_skipped) if row else set()
    states = [
        StepState(step, str(step.done(viewer)), step.key in skipped, viewer.can(step.permission))
        for step in setup_steps
    ]
    return FirstSteps(states, bool(row and row.steps_hidden_at), team_without_members())


def are_hidden() -> bool:
    """Whether the list was put away. One query."""
    return Installation.objects.filter(pk=Installation.ONLY, steps_hidden_at__isnull=False).exists()


def team_without_members() -> str:
    """A sentence about a team whose tickets reach nobody, or ""."""
    empty: Any = Team.objects.active().exclude(memberships__user__is_active=True).first()
    text = _("The team %(team)s has no members: nobody gets its tickets.")
    return str(text % {"team": empty.name}) if empty is not None else ""
