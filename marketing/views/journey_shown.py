"""What pages show of a journey: its outline with figures, each of which opens its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.core.actor import Actor

from ..choices.journeys import REASONS, STEP_ICONS, StepKind
from ..journeys.checks import checks_of, shown
from ..journeys.outline import Outline
from ..journeys.sentences import rule_sentence, step_sentence
from ..models import Enrolment, Journey, JourneyVersion, Step
from ..percents import percent
from ..selectors.journeys import JourneyCounts, StepCounts, last_in, step_counts
from .shown import Tile


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with its people."""

    label: str
    count: int
    url: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Line:
    """A step in the outline. paths: of a branch, each with its words and lines; problems: what stands in the way."""

    step: Step
    number: str
    icon: str
    title: str
    figures: list[Figure]
    paths: list[tuple[str, str, list[Line]]]
    problems: list[Any] = field(default_factory=list)


def outline_of(
    viewer: Actor, version: JourneyVersion, *, with_counts: bool = True, problems: dict[str, list[Any]] | None = None
) -> list[Line]:
    """The nested list of a version's steps."""
    counts = step_counts(viewer, version.journey) if with_counts else {}
    return _Drawing(viewer, Outline(version), version.journey, counts, problems or {}).path(None, "", "")


class _Drawing:
    """One rendering."""

    def __init__(
        self, viewer: Actor, outline: Outline, journey: Journey, counts: dict[str, StepCounts],
        problems: dict[str, list[Any]],
    ):  # fmt: skip
        self.viewer, self.outline, self.journey, self.counts, self.problems = viewer, outline, journey, counts, problems

    def path(self, parent: Step | None, way: str, before: str) -> list[Line]:
        return [
            self.line(step, f"{before}{place}") for place, step in enumerate(self.outline.path(parent, way), start=1)
        ]

    def line(self, step: Step, number: str) -> Line:
        paths = []
        if step.kind == StepKind.BRANCH:
            paths = [
                ("yes", _("If yes"), self.path(step, "yes", f"{number}.yes.")),
                ("no", _("If no"), self.path(step, "no", f"{number}.no.")),
            ]
        return Line(
            step, shown(number), STEP_ICONS[StepKind(step.kind)], step.name or step_sentence(step, self.viewer),
            self.figures(step), paths, self.problems.get(step.key, []),
        )  # fmt: skip

    def figures(self, step: Step) -> list[Figure]:
        found = self.counts.get(step.key)
        if found is None:
            return []
        figures = [self.figure(step, _("Waiting here"), found.waiting, "waiting", "info")]
        if step.kind == StepKind.BRANCH:
            figures.append(self.figure(step, _("Yes"), found.yes, "yes"))
            figures.append(self.figure(step, _("No"), found.no, "no"))
        else:
            passed = pgettext("step of a journey", "Passed")
            figures.append(self.figure(step, passed, found.passed, "passed", "success"))
        if step.kind == StepKind.SEND:
            figures.append(self.figure(step, _("Opened"), found.opened, "opened"))
            figures.append(self.figure(step, _("Clicked"), found.clicked, "clicked"))
        for reason, count in sorted(found.skipped.items()):
            label = _("Skipped: %(reason)s") % {"reason": REASONS.get(reason, reason)}
            figures.append(self.figure(step, label, count, "skipped", "caution", reason=reason))
        if found.failed:
            figures.append(self.figure(step, _("Failed"), found.failed, "failed", "danger"))
        return figures

    def figure(self, step: Step, label: str, count: int, did: str, tone: str = "neutral", **params: str) -> Figure:
        return Figure(label, count, people_url(self.journey, step=step.key, did=did, **params), tone)


def people_url(journey: Journey, **params: Any) -> str:
    """The list of people behind a figure."""
    query = urlencode({"journey": journey.pk, **params, "own": 1}, doseq=True)
    return f"{reverse('journeys:enrolment_list')}?{query}"


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside the steps. rate: goal reached of those who left, such as "30.8%"; "" while nobody has left.

    people: the last to arrive of those inside, each with the words of their next step.
    """

    rate: str
    reached: int
    left: int
    goal: str
    people: list[tuple[Enrolment, str]]
    inside: int
    goal_url: str
    inside_url: str
    checks: tuple[int, int]


def side_of(viewer: Actor, journey: Journey, version: JourneyVersion, counts: JourneyCounts) -> Side:
    """Goal rate and the last to arrive; of a draft, how many of its checks are right."""
    people = [
        (row, row.step.name or step_sentence(row.step, viewer) if row.step else "") for row in last_in(viewer, journey)
    ]
    checks, left = checks_of(version) if version.is_editable else [], counts.entered - counts.inside
    return Side(
        percent(counts.goal, left), counts.goal, left, rule_sentence(version.goal_rule, viewer),
        people, counts.inside, people_url(journey, state="goal"), people_url(journey, state="inside"),
        (sum(check.is_right for check in checks), len(checks)),
    )  # fmt: skip


def tiles_of(journey: Journey, counts: JourneyCounts) -> list[Tile]:
    """What the journey brought, each figure with its people."""

    def tile(label: str, count: int, sub: str = "", **params: Any) -> Tile:
        return Tile(label, number_format(count, force_grouping=True), "", people_url(journey, **params), sub)

    left = counts.entered - counts.inside
    share = _("%(rate)s of those who left") % {"rate": percent(counts.goal, left)} if left else ""
    return [
        tile(_("Came in"), counts.entered),
        tile(_("Inside now"), counts.inside, state="inside"),
        tile(_("Goal reached"), counts.goal, share, state="goal"),
        tile(_("Came to the end"), counts.completed, state="completed"),
        tile(
            _("Left early"),
            counts.exited + counts.taken_out,
            _("By the exit rule, or taken out"),
            state=["exited", "taken_out"],
        ),
        tile(_("Stopped by an error"), counts.failed, state="failed"),
    ]
