"""Figures of journeys: who waits where, who passed, who was skipped and why; what the journey brought."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from crm.core.actor import Actor

from ..choices.journeys import EnrolmentState, Outcome
from ..models import Campaign, Enrolment, Journey, JourneyVersion, StepRun

_GOOD = (Outcome.DONE, Outcome.YES, Outcome.NO)


@dataclass(slots=True)
class StepCounts:
    """People at one step, over all versions. skipped, failed: reason → people."""

    waiting: int = 0
    passed: int = 0
    yes: int = 0
    no: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    opened: int = 0
    clicked: int = 0

    @property
    def skipped_count(self) -> int:
        return sum(self.skipped.values())


@dataclass(frozen=True, slots=True)
class JourneyCounts:
    """People's times in the journey, by how they stand. elsewhere: inside at steps that the live version lacks."""

    entered: int
    inside: int
    completed: int
    goal: int
    exited: int
    taken_out: int
    failed: int


def counts_of(viewer: Actor, journey: Journey) -> JourneyCounts:
    """One query over the people whom the viewer may see."""
    rows = Enrolment.objects.visible_to(viewer).filter(journey=journey)
    found = rows.aggregate(
        entered=Count("pk"),
        **{str(state.value): Count("pk", filter=Q(state=state)) for state in EnrolmentState},
    )
    return JourneyCounts(**found)


def last_in(viewer: Actor, journey: Journey, limit: int = 5) -> list[Enrolment]:
    """Who is inside now, the last to arrive first."""
    rows = Enrolment.objects.visible_to(viewer).filter(journey=journey).inside()
    return list(
        rows.select_related("customer", "contact", "step__mail", "step__tag").order_by("-entered_at", "-pk")[:limit]
    )


def step_counts(viewer: Actor, journey: Journey) -> dict[str, StepCounts]:
    """Step key → its figures, two queries whatever the number of steps."""
    people = Enrolment.objects.visible_to(viewer).filter(journey=journey)
    found: dict[str, StepCounts] = defaultdict(StepCounts)
    waiting = people.inside().order_by().values_list("step__key").annotate(Count("pk"))
    for key, count in waiting:
        found[key].waiting = count
    runs = StepRun.objects.filter(enrolment__in=people).order_by()
    rows = runs.values_list("key", "outcome", "reason").annotate(
        people=Count("pk"), opened=Count("pk", filter=Q(recipient__opened_at__isnull=False)),
        clicked=Count("pk", filter=Q(recipient__clicked_at__isnull=False)),
    )  # fmt: skip
    for key, outcome, reason, count, opened, clicked in rows:
        _add(found[key], outcome, reason, count)
        found[key].opened += opened
        found[key].clicked += clicked
    return found


def _add(counts: StepCounts, outcome: str, reason: str, count: int) -> None:
    if outcome in _GOOD:
        counts.passed += count
    if outcome == Outcome.YES:
        counts.yes += count
    elif outcome == Outcome.NO:
        counts.no += count
    elif outcome == Outcome.SKIPPED:
        counts.skipped[reason] = counts.skipped.get(reason, 0) + count
    elif outcome == Outcome.FAILED:
        counts.failed += count


def inside_by_version(journey: Journey) -> dict[int, int]:
    """Version id → how many people are inside it."""
    rows = journey.enrolments.inside().order_by().values_list("version")
    return dict(rows.annotate(Count("pk")))


def inside_count(journey: Journey) -> int:
    """How many people are inside, whoever may see them: what a confirmation tells."""
    return journey.enrolments.inside().count()


def journeys_of(viewer: Actor, customer: Any, limit: int = 10) -> list[Enrolment]:
    """The journeys of a customer's people, those under way first."""
    rows = Enrolment.objects.visible_to(viewer).filter(customer=customer)
    rows = rows.select_related("journey", "contact", "step").order_by("-entered_at", "-pk")
    found = list(rows[: limit * 3])
    found.sort(key=lambda row: row.state != EnrolmentState.INSIDE)
    return found[:limit]


def journey_of(viewer: Actor, mail: Campaign) -> Journey | None:
    """The journey that sends a mail, if the viewer may see it."""
    rows = Journey.objects.visible_to(viewer).filter(versions__steps__mail=mail)
    found: Journey | None = rows.order_by("pk").first()
    return found


def runs_of(enrolment: Enrolment) -> list[StepRun]:
    """The steps that somebody took, in order."""
    rows = StepRun.objects.filter(enrolment=enrolment).select_related("step__mail", "recipient__campaign")
    return list(rows.order_by("pk"))


def versions_of(journey: Journey) -> list[JourneyVersion]:
    """Newest first."""
    return list(journey.versions.select_related("published_by", "segment").order_by("-number"))
