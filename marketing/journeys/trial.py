"""Walking a journey as one customer: which steps they would take now, when and why, with the mails. Nothing is sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.conditions.explaining import explain
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.models import Contact, Customer
from customers.segmenting.rights import company_time

from ..choices.journeys import REASONS, Ask, Obstacle, Outcome, StepKind
from ..models import JourneyVersion, Step
from ..rendering import Links, mail_for
from ..selectors.audience import resolve
from .entering import arrival, main_contacts
from .outline import Outline
from .rights import Stuck, author_of, condition_of, holds, is_empty, matching, reached
from .sentences import step_sentence


@dataclass(frozen=True, slots=True)
class Stage:
    """A step on the way. at: when it would be taken; result, tone: what would become of it; lines: of a condition."""

    step: Step
    at: dt.datetime
    title: str
    result: str
    tone: str
    lines: list[Any]
    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """Whether the customer would come in, and the steps they would take. why: what keeps them out, "" for nothing."""

    customer: Customer
    contact: Contact | None
    why: str
    stages: list[Stage]


def walk_as(viewer: Actor, version: JourneyVersion, customer: Customer, *, reacts: bool = False) -> Walk:
    """The walk from now on, as the customer's records are now. reacts: whether they open, click and answer mails."""
    pk = main_contacts([customer.pk]).get(customer.pk)
    contact = Contact.objects.select_related("customer").filter(pk=pk).first() if pk else None
    try:
        author = author_of(version.journey)
    except Stuck:
        return Walk(customer, contact, _("Nobody who works here owns the journey."), [])
    walker = _Walker(viewer, author, version, customer, contact, reacts)
    return Walk(customer, contact, _kept_out(author, version, customer), list(walker.stages()))


def _kept_out(author: Actor, version: JourneyVersion, customer: Customer) -> str:
    """Why the customer would not come in at all."""
    if not reached(author, [customer.pk]):
        return _("The journey's owner may not see this customer, so it never meets them.")
    try:
        if not is_empty(version.condition) and not matching(version.condition, author, [customer.pk]):
            return _("The condition at the start does not hold for this customer.")
    except Invalid:
        return _("The condition at the start can no longer be read.")
    if holds(version.goal_rule, author, [customer.pk]):
        return _("The goal is reached for this customer already, so they would leave before the first step.")
    if holds(version.exit_rule, author, [customer.pk]):
        return _("The exit rule holds for this customer already, so they would leave before the first step.")
    return ""


class _Walker:
    """One walk through an outline."""

    def __init__(
        self, viewer: Actor, author: Actor, version: JourneyVersion, customer: Customer, contact: Contact | None,
        reacts: bool,
    ):  # fmt: skip
        self.viewer, self.author, self.version = viewer, author, version
        self.customer, self.contact, self.reacts = customer, contact, reacts

    def stages(self) -> Any:
        """Step after step, to the end."""
        outline, at = Outline(self.version), clock.now()
        step = outline.first
        while step is not None:
            at = arrival(step, at, self.version.journey)
            stage, outcome = self.stage(step, at)
            yield stage
            step = outline.after(step, outcome)

    def stage(self, step: Step, at: dt.datetime) -> tuple[Stage, str]:
        """What would become of one step."""
        title = step_sentence(step, self.viewer)
        if step.kind == StepKind.SEND:
            return self.mail(step, at, title), Outcome.DONE
        if step.kind == StepKind.BRANCH:
            return self.branch(step, at, title)
        problem = self.obstacle(step)
        if problem:
            return Stage(step, at, title, str(Obstacle(problem).label), "caution", []), Outcome.SKIPPED
        return Stage(step, at, title, "", "neutral", []), Outcome.DONE

    def mail(self, step: Step, at: dt.datetime, title: str) -> Stage:
        if step.mail is None or self.contact is None:
            return Stage(step, at, title, str(Obstacle.NO_PERSON.label), "caution", [])
        person = next(iter(resolve(step.mail, only=[self.contact.pk])), None)
        if person is None:
            return Stage(step, at, title, str(Obstacle.NO_PERSON.label), "caution", [])
        mail = mail_for(step.mail, self.contact, person.language, Links(step.mail.brand.base_url))
        reason = REASONS.get(person.reason, "")
        result = _("Skipped: %(reason)s") % {"reason": reason} if reason else _("Would be sent")
        return Stage(step, at, title, result, "caution" if reason else "success", [], mail.subject, mail.text)

    def branch(self, step: Step, at: dt.datetime, title: str) -> tuple[Stage, str]:
        if step.settings.get("ask", Ask.CONDITION) != Ask.CONDITION:
            outcome = Outcome.YES if self.reacts else Outcome.NO
            return Stage(step, at, title, str(outcome.label), "info", []), outcome
        try:
            condition = condition_of(step.condition, self.author)
        except Invalid:
            return Stage(step, at, title, str(Obstacle.BRANCH.label), "caution", []), Outcome.NO
        with company_time():
            lines = explain(condition, self.customer, self.viewer)
        yes = matching(step.condition, self.author, [self.customer.pk])
        outcome = Outcome.YES if yes else Outcome.NO
        return Stage(step, at, title, str(outcome.label), "info", lines), outcome

    def obstacle(self, step: Step) -> str:
        owner = self.customer.owner
        if step.kind in {StepKind.TASK, StepKind.NOTIFY} and (owner is None or not owner.is_active):
            return Obstacle.NO_OWNER
        if step.kind == StepKind.LEAD and self.contact is None:
            return Obstacle.NO_PERSON
        if step.kind == StepKind.TAG and step.tag is None:
            return Obstacle.NO_TAG
        return ""
