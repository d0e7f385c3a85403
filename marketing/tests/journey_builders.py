"""Journeys in legal states, made by the verbs."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from crm.core import clock
from crm.testing.builders import make_user, staff
from customers.actions.segments import add_to_segment
from customers.models import Contact, Segment
from marketing.actions import update_campaign
from marketing.actions.journey_steps import add_step, change_step, edit_mail
from marketing.actions.journey_versions import set_version
from marketing.actions.journeys import create_journey, publish_journey
from marketing.journeys.working import advance_journeys
from marketing.models import Enrolment, Journey, Step, StepRun

from .builders import SYSTEM, content, make_segment, words

_numbers = itertools.count(1)


def named(name: str) -> dict[str, Any]:
    """The condition: the customer's name contains this."""
    return {"v": 1, "all": [{"field": "customer.name", "op": "contains", "value": name}]}


def make_journey(segment: Segment | None = None, **rules: Any) -> Journey:
    """A draft that starts from a segment, owned by a marketer."""
    owner = make_user("marketer")
    journey = create_journey(actor=staff(owner), values={"name": f"Journey {next(_numbers)}"})
    set_version(actor=SYSTEM, record=journey, values={"segment": segment or make_segment(), **rules})
    return journey


def mail(journey: Journey, subject: str = "Welcome", **place: Any) -> Step:
    """A sending step, with words in both languages."""
    step = add_step(actor=SYSTEM, record=journey, kind="send", **place)
    campaign = edit_mail(actor=SYSTEM, record=journey, key=step.key)
    update_campaign(
        actor=SYSTEM, record=campaign, values={"subject": words(subject, f"{subject}（中文）"), "content": content()}
    )
    return step


def wait(journey: Journey, days: int = 1, **place: Any) -> Step:
    step = add_step(actor=SYSTEM, record=journey, kind="wait", **place)
    return change_step(
        actor=SYSTEM, record=journey, key=step.key, values={"settings": {"how": "span", "n": days, "unit": "days"}}
    )


def branch(journey: Journey, **values: Any) -> Step:
    step = add_step(actor=SYSTEM, record=journey, kind="branch")
    return change_step(actor=SYSTEM, record=journey, key=step.key, values=values)


def task(journey: Journey, title: str = "Call them", **place: Any) -> Step:
    step = add_step(actor=SYSTEM, record=journey, kind="task", **place)
    return change_step(actor=SYSTEM, record=journey, key=step.key, values={"settings": {"title": title, "days": 2}})


def go(journey: Journey) -> Journey:
    """Live, from now on."""
    publish_journey(actor=SYSTEM, record=journey)
    journey.refresh_from_db()
    return journey


def join(segment: Segment, *contacts: Contact) -> None:
    """Their customers come into the segment."""
    add_to_segment(actor=SYSTEM, segment=segment, customers=[contact.customer for contact in contacts])


def later(days: float) -> Any:
    """Runs the block, and one round of the engine first, so much later."""
    return clock.shifted(dt.timedelta(days=days))


def walk(days: float = 0) -> None:
    """As far as everybody goes at that moment."""
    with later(days):
        advance_journeys()


def one(journey: Journey) -> Enrolment:
    return Enrolment.objects.get(journey=journey)


def outcomes(journey: Journey) -> list[tuple[str, str, str]]:
    """Kind, outcome and reason of every step taken, in order."""
    rows = StepRun.objects.filter(enrolment__journey=journey).order_by("pk")
    return list(rows.values_list("step__kind", "outcome", "reason"))
