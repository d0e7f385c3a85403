"""Who comes into a journey: every cause once, within the owner's reach, by the rules of the live version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm.activity.recording import record
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.models import Contact

from ..choices.journeys import EnrolmentState, Reentry
from ..models import Enrolment, Journey, JourneyVersion, Step
from .outline import Outline
from .rights import Stuck, author_of, is_empty, matching, reached
from .waits import until

_ACTOR = Actor.system("journeys")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom a cause brings. contact_id: None for whoever is the customer's main contact."""

    customer_id: int
    cause: str
    contact_id: int | None = None


def enter(version: JourneyVersion, newcomers: Iterable[Newcomer]) -> int:
    """Puts those who may come in before the first step. Returns how many. The caller holds the journey's lock.

    Who is inside already stays where they are; who was, comes in again as the version's rule says.
    """
    journey = version.journey
    people = _allowed(version, list(newcomers))
    outline = Outline(version)
    first = outline.first
    if not people or first is None:
        return 0
    now = clock.now()
    rows = [
        Enrolment(
            journey=journey, version=version, customer_id=one.customer_id, contact_id=one.contact_id, cause=one.cause,
            step=first, due_at=arrival(first, now, journey), entered_at=now,
        )
        for one in people
    ]  # fmt: skip
    deed = record(
        actor=_ACTOR, type="journeys.entered", subject=journey, data={"name": journey.name, "count": len(rows)}
    )
    for row in rows:
        row.entered_activity = deed.pk
    Enrolment.objects.bulk_create(rows)
    return len(rows)


def arrival(step: Step, now: dt.datetime, journey: Journey) -> dt.datetime:
    """When the step is taken by somebody who comes to it now: a waiting step when it is over, any other at once."""
    return until(step.settings, now, journey.timezone) if step.kind == "wait" else now


def _allowed(version: JourneyVersion, newcomers: list[Newcomer]) -> list[Newcomer]:
    """One for each person, with a contact where the customer has one, without those whom a rule keeps out."""
    causes = {one.cause for one in newcomers}
    known = set(
        Enrolment.objects.filter(journey=version.journey_id, cause__in=causes).values_list("customer_id", "cause")
    )
    fresh = [one for one in newcomers if (one.customer_id, one.cause) not in known]
    wanted = _wanted(version, {one.customer_id for one in fresh})
    mains = main_contacts(wanted)
    people: dict[tuple[int, int | None], Newcomer] = {}
    for one in fresh:
        if one.customer_id in wanted:
            contact = one.contact_id or mains.get(one.customer_id)
            people.setdefault((one.customer_id, contact), Newcomer(one.customer_id, one.cause, contact))
    return _by_reentry(version, list(people.values()))


def _wanted(version: JourneyVersion, customer_ids: set[int]) -> set[int]:
    """The customers whom the owner may see and for whom the version's condition holds; nobody if it cannot be read."""
    if not customer_ids:
        return set()
    try:
        author = author_of(version.journey)
        found = reached(author, customer_ids)
        return found if is_empty(version.condition) else matching(version.condition, author, found)
    except (Stuck, Invalid):
        return set()


def main_contacts(customer_ids: Iterable[int]) -> dict[int, int]:
    """Customer id → id of the person who is written to: the main contact, else the first."""
    rows = Contact.objects.filter(customer__in=list(customer_ids)).order_by("customer_id", "is_primary", "-pk")
    return dict(rows.values_list("customer_id", "pk"))


def _by_reentry(version: JourneyVersion, people: Sequence[Newcomer]) -> list[Newcomer]:
    """Without those who are inside, and those who may not come in again yet."""
    earlier = Enrolment.objects.filter(
        journey=version.journey_id, customer__in={one.customer_id for one in people}
    ).values_list("customer_id", "contact_id", "state", "left_at")
    limit = clock.now() - dt.timedelta(days=version.reentry_days)
    barred = set()
    for customer_id, contact_id, state, left_at in earlier:
        again = version.reentry == Reentry.ALWAYS or (version.reentry == Reentry.AFTER and left_at and left_at <= limit)
        if state == EnrolmentState.INSIDE or not again:
            barred.add((customer_id, contact_id))
    return [one for one in people if (one.customer_id, one.contact_id) not in barred]
