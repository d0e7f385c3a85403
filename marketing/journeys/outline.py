"""The steps of a version as a nested list: what comes after what, and how it is drawn.

A branch has two paths below it; both come back to the step after the branch. So every walk has an end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..choices.journeys import Outcome, StepKind, Way
from ..models import JourneyVersion, Step


@dataclass(frozen=True, slots=True)
class Row:
    """A step where it stands. number: such as "2.yes.1"; depth: 0 on the main path."""

    step: Step
    number: str
    depth: int
    is_first: bool
    is_last: bool


class Outline:
    """One version's steps, read once."""

    def __init__(self, version: JourneyVersion):
        self.version = version
        self.steps = list(version.steps.select_related("mail__brand", "tag").order_by("place", "pk"))
        self.by_id = {step.pk: step for step in self.steps}
        self.by_key = {step.key: step for step in self.steps}
        self._paths: dict[tuple[int | None, str], list[Step]] = defaultdict(list)
        for step in self.steps:
            self._paths[step.parent_id, step.way].append(step)

    def path(self, parent: Step | None = None, way: str = Way.MAIN) -> list[Step]:
        """The steps of one path, in order."""
        return self._paths[parent.pk if parent else None, way]

    @property
    def first(self) -> Step | None:
        """Where newcomers begin."""
        return next(iter(self.path()), None)

    def after(self, step: Step, outcome: str = "") -> Step | None:
        """What comes after a step that went so; None at the end of the journey."""
        if step.kind == StepKind.LEAVE:
            return None
        if step.kind == StepKind.BRANCH:
            below = self.path(step, Way.YES if outcome == Outcome.YES else Way.NO)
            if below:
                return below[0]
        return self._beside(step)

    def fresh(self, step: Step | None, done: Mapping[str, str]) -> Step | None:
        """The step itself, or the first after it that was not taken before; done: key → outcome."""
        while step is not None and step.key in done:
            step = self.after(step, done[step.key])
        return step

    def _beside(self, step: Step) -> Step | None:
        """The next one on the path or, at its end, after the branch that it hangs on."""
        path = self._paths[step.parent_id, step.way]
        place = path.index(step)
        if place + 1 < len(path):
            return path[place + 1]
        return self._beside(self.by_id[step.parent_id]) if step.parent_id else None

    def rows(self) -> list[Row]:
        """Every step in reading order."""
        return list(self._rows(None, Way.MAIN, "", 0))

    def _rows(self, parent: Step | None, way: str, before: str, depth: int) -> Iterator[Row]:
        path = self.path(parent, way)
        for place, step in enumerate(path):
            number = f"{before}{place + 1}"
            yield Row(step, number, depth, place == 0, place == len(path) - 1)
            if step.kind == StepKind.BRANCH:
                for branch in (Way.YES, Way.NO):
                    yield from self._rows(step, branch, f"{number}.{branch}.", depth + 1)

    def below(self, step: Step) -> list[Step]:
        """The step and all that hangs on it."""
        found = [step]
        for way in (Way.YES, Way.NO):
            for child in self.path(step, way):
                found += self.below(child)
        return found
