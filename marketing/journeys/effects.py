"""What each kind of step does for the people who come to it. Everything runs inside the walk's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.fields.tag_actions import add_tag, remove_tag
from crm.notifications.actions import notify
from crm.planner.actions import add_task
from customers.actions.linking import link_records
from customers.choices import CustomerKind
from sales.actions import create_lead
from sales.choices.leads import LeadSource

from ..actions.sending import send_to
from ..choices.campaigns import RecipientState
from ..choices.journeys import Ask, Obstacle, Outcome, StepKind
from ..models import Enrolment, Recipient, Step
from .rights import author_of, matching

ACTOR = Actor.system("journeys")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a step for one person."""

    outcome: str = Outcome.DONE
    reason: str = ""
    note: str = ""
    recipient: Recipient | None = None


_DONE = Result()


def take(step: Step, people: Sequence[Enrolment]) -> dict[int, Result]:
    """Takes the step for these people, all before it. Returns enrolment id → what became of it."""
    return _EFFECTS[StepKind(step.kind)](step, people)


def _send(step: Step, people: Sequence[Enrolment]) -> dict[int, Result]:
    """The mail to everybody whom consent, suppression, complaints and the address let it go to now."""
    assert step.mail is not None, "nothing goes live with a sending step that has no mail"
    known = {row.contact_id: row for row in people if row.contact_id}
    sent = send_to(actor=ACTOR, campaign=step.mail, occasions={pk: row.pk for pk, row in known.items()})
    found = {}
    for row in people:
        recipient = sent.get(row.contact_id) if row.contact_id else None
        if recipient is None:
            found[row.pk] = Result(Outcome.SKIPPED, Obstacle.NO_PERSON)
        elif recipient.state == RecipientState.QUEUED:
            found[row.pk] = Result(recipient=recipient)
        else:
            found[row.pk] = Result(Outcome.SKIPPED, recipient.reason, recipient=recipient)
    return found


def _pass(step: Step, people: Sequence[Enrolment]) -> dict[int, Result]:
    """A wait that is over, or the way out."""
    return {row.pk: _DONE for row in people}


def _branch(step: Step, people: Sequence[Enrolment]) -> dict[int, Result]:
    """Yes or no for each; no, with the reason, where the condition cannot be read any more."""
    ask = step.settings.get("ask", Ask.CONDITION)
    if ask != Ask.CONDITION:
        yes = reacted(ask, [row.pk for row in people])
        return {row.pk: Result(Outcome.YES if row.pk in yes else Outcome.NO) for row in people}
    try:
        found = matching(step.condition, author_of(people[0].journey), {row.customer_id for row in people})
    except Invalid:
        return {row.pk: Result(Outcome.NO, Obstacle.BRANCH) for row in people}
    return {row.pk: Result(Outcome.YES if row.customer_id in found else Outcome.NO) for row in people}


def reacted(ask: str, enrolment_ids: Sequence[int]) -> set[int]:
    """Those who opened, clicked or answered the last mail that this journey sent them."""
    column = {Ask.OPENED: "opened_at", Ask.CLICKED: "clicked_at", Ask.ANSWERED: "answered_at"}[Ask(ask)]
    mails = Recipient.objects.filter(journey_run__enrolment__in=enrolment_ids).exclude(state=RecipientState.DROPPED)
    last = mails.order_by("journey_run__enrolment", "-pk").distinct("journey_run__enrolment")
    return {pk for pk, at in last.values_list("journey_run__enrolment", column) if at is not None}


def _each(effect: Callable[[Step, Enrolment], Result]) -> Callable[[Step, Sequence[Enrolment]], dict[int, Result]]:
    """A step that is taken for one after the other; what one person's records refuse skips it for them."""

    def take_each(step: Step, people: Sequence[Enrolment]) -> dict[int, Result]:
        found = {}
        for row in people:
            with timezone.override(row.journey.timezone), override(row.journey.brand.language):
                try:
                    found[row.pk] = effect(step, row)
                except DomainError as error:
                    found[row.pk] = Result(Outcome.SKIPPED, Obstacle.ERROR, str(error)[:300])
        return found

    return take_each


def _owner(row: Enrolment) -> Any:
    """Who looks after the customer; None for nobody who works here."""
    owner = row.customer.owner
    return owner if owner is not None and owner.is_active else None


def _task(step: Step, row: Enrolment) -> Result:
    owner = _owner(row)
    if owner is None:
        return Result(Outcome.SKIPPED, Obstacle.NO_OWNER)
    due_on = clock.today() + dt.timedelta(days=int(step.settings.get("days", 0)))
    add_task(
        actor=ACTOR, title=step.settings["title"], subject=row.customer, assignee=owner, due_on=due_on,
        kind=step.settings.get("what", "todo"), notes=step.settings.get("notes", ""),
        source_key=f"journey:{row.pk}:{step.key}",
    )  # fmt: skip
    return _DONE


def _tag(step: Step, row: Enrolment) -> Result:
    if step.tag is None:
        return Result(Outcome.SKIPPED, Obstacle.NO_TAG)
    if step.settings.get("remove"):
        remove_tag(actor=ACTOR, record=row.customer, tag=step.tag)
    else:
        add_tag(actor=ACTOR, record=row.customer, name=step.tag.name)
    return _DONE


def _lead(step: Step, row: Enrolment) -> Result:
    """A lead of the person for whoever looks after the customer, else for the assignment rules."""
    contact, customer = row.contact, row.customer
    if contact is None:
        return Result(Outcome.SKIPPED, Obstacle.NO_PERSON)
    addresses = dict(contact.identities.order_by("is_primary").values_list("kind", "value"))
    values: dict[str, Any] = {
        "name": contact.name, "job_title": contact.job_title, "email": addresses.get("email", ""),
        "phone": addresses.get("phone", ""), "language": contact.language or customer.language,
        "company": customer.name if customer.kind == CustomerKind.COMPANY else "", "source": LeadSource.CAMPAIGN,
        "campaign": row.journey.name[:120], "message": step.settings.get("message", ""),
    }  # fmt: skip
    owner = _owner(row)
    if owner is not None:
        values["owner"] = owner
    lead = create_lead(actor=ACTOR, values=values, origin=row.journey)
    link_records(actor=ACTOR, customer=customer, source=row.journey, target=lead)
    return Result(note=lead.label)


def _notify(step: Step, row: Enrolment) -> Result:
    owner = _owner(row)
    if owner is None:
        return Result(Outcome.SKIPPED, Obstacle.NO_OWNER)
    data = {"name": row.journey.name, "customer": row.customer.name, "text": step.settings["text"]}
    notify(actor=ACTOR, kind="journeys.told", users=[owner], subject=row.customer, data=data)
    return _DONE


_EFFECTS: dict[StepKind, Callable[[Step, Sequence[Enrolment]], dict[int, Result]]] = {
    StepKind.SEND: _send, StepKind.WAIT: _pass, StepKind.BRANCH: _branch, StepKind.TASK: _each(_task),
    StepKind.TAG: _each(_tag), StepKind.LEAD: _each(_lead), StepKind.NOTIFY: _each(_notify), StepKind.LEAVE: _pass,
}  # fmt: skip
