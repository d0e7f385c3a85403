"""People who are inside go over into a new version, by somebody's explicit choice."""

from __future__ import annotations

from collections import defaultdict

from crm.core import clock

from ..choices.journeys import EnrolmentState
from ..models import Enrolment, JourneyVersion, Step, StepRun
from .entering import arrival
from .outline import Outline

_CHUNK = 1000


def move_people(version: JourneyVersion) -> int:
    """Whoever is inside earlier versions goes on in this one. Returns how many. The caller holds the journey's lock.

    They stand before the step where they waited or, where that is gone, before the next of their old steps that is
    left; steps that they took before are never taken again. Who has nothing left before them has come to the end.
    Who goes on waiting at the same step waits as long as before.
    """
    new, olds, moved = Outline(version), dict[int, Outline](), 0
    rows = Enrolment.objects.inside().filter(journey=version.journey).exclude(version=version)
    people = list(rows.select_related("version", "step").lock())
    for start in range(0, len(people), _CHUNK):
        chunk = people[start : start + _CHUNK]
        done = _taken(chunk)
        for row in chunk:
            old = olds.setdefault(row.version_id, Outline(row.version))
            _move(row, old, new, done[row.pk])
        Enrolment.objects.bulk_update(chunk, ["version", "step", "due_at", "state", "left_at", "tries"])
        moved += len(chunk)
    return moved


def _move(row: Enrolment, old: Outline, new: Outline, done: dict[str, str]) -> None:
    now, was = clock.now(), row.step
    step = old.by_id.get(was.pk) if was else None
    while step is not None and step.key not in new.by_key:
        step = old.after(step)
    target: Step | None = new.fresh(new.by_key[step.key] if step else None, done)
    row.version, row.step, row.tries = new.version, target, 0
    if target is None:
        row.state, row.left_at = EnrolmentState.COMPLETED, now
    elif was is None or target.key != was.key or target.settings != was.settings:
        row.due_at = arrival(target, now, new.version.journey)


def _taken(people: list[Enrolment]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, key, outcome in StepRun.objects.filter(enrolment__in=people).values_list("enrolment", "key", "outcome"):
        found[pk][key] = outcome
    return found
