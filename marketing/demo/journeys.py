"""The demo's journeys: a welcome after the first order and the way back of quiet customers, with people at many steps.

They are built by the verbs; who walked how far is laid over it, by the same outline, waits and consents. No mail is
stored, so nothing goes out before somebody's next step comes.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from crm.accounts.access import actor_for
from crm.activity.demo import History, place
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.demo import DemoContext
from crm.core.sockets import activity_types
from customers.models import Customer, Segment

from ..actions.campaigns import update_campaign
from ..actions.journey_steps import add_step, change_step, edit_mail
from ..actions.journey_versions import set_version
from ..actions.journeys import create_journey, publish_journey
from ..choices.campaigns import RecipientState, ResponseKind
from ..choices.journeys import Ask, EnrolmentState, Obstacle, Outcome, StepKind
from ..journeys.entering import arrival, main_contacts
from ..journeys.outline import Outline
from ..journeys.rights import author_of, matching
from ..models import Enrolment, Journey, Recipient, Response, Step, StepRun, Topic
from ..selectors.audience import resolve
from .campaigns import content_of

_FILE = Path(__file__).parent / "journeys.json"
_SYSTEM = Actor.system("journeys")
#: Groups in which people came in.
_WAVES = 6


def make_journeys(context: DemoContext) -> None:
    """Two live journeys."""
    maker = JourneyMaker(context)
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    context.progress.start("Journeys", len(found))
    for values in found:
        maker.make(values)
        context.progress.advance()
    context.progress.finish()


def place_journeys(context: DemoContext) -> None:
    """Once the history is written: where coming in and mails stand on timelines, by their moments."""
    for key, rows, moment, column in (
        ("journeys.entered", Enrolment.objects.filter(entered_activity=None), "entered_at", "entered_activity"),
        ("journeys.sent", StepRun.objects.filter(activity=None), "created_at", "activity"),
    ):
        deeds = Activity.objects.filter(type=activity_types[key].code)
        for journey_id, at, pk in deeds.values_list("object_id", "at", "pk"):
            owner = {"journey": journey_id} if column == "entered_activity" else {"enrolment__journey": journey_id}
            only = {} if column == "entered_activity" else {"outcome": Outcome.DONE, "step__kind": StepKind.SEND}
            rows.filter(**{moment: at}, **owner, **only).update(**{column: pk})


class JourneyMaker:
    """Builds journeys and lets people walk them in the past."""

    def __init__(self, context: DemoContext):
        self.now, self.rng = context.now, context.rng("marketing.journeys")
        self.history: History = context.made["history"]
        self.actor = actor_for(context.made["staff"].in_role("marketer")[0])

    def make(self, values: dict[str, Any]) -> None:
        """One journey from its start to now."""
        started = self.now - dt.timedelta(days=values["started_days"])
        with clock.at(started):
            journey = create_journey(actor=self.actor, values={"name": values["name"], "goal": values["goal"]})
            rules = {"reentry": "after", "reentry_days": 180, **values["start"]}
            for name in ("condition", "goal_rule"):
                rules[name] = _tree(values.get(name, []))
            if "segment" in values:
                rules["segment"] = Segment.objects.filter(name=values["segment"]).first()
            set_version(actor=self.actor, record=journey, values=rules)
            self.steps(journey, values["steps"])
            publish_journey(actor=self.actor, record=journey)
        journey.refresh_from_db()
        self.people(journey, values["people"], started)

    def steps(self, journey: Journey, found: list[dict[str, Any]], parent: str = "", way: str = "") -> None:
        """Builds one path, and those below it."""
        for values in found:
            step = add_step(actor=self.actor, record=journey, kind=values["kind"], parent=parent, way=way)
            told: dict[str, Any] = {"name": values.get("name", "")}
            if "settings" in values:
                told["settings"] = values["settings"]
            if "condition" in values:
                told["condition"] = _tree(values["condition"])
            if "topic" in values:
                told["topic"] = Topic.objects.filter(key=values["topic"]).first()
            change_step(actor=self.actor, record=journey, key=step.key, values=told)
            if "subject" in values:
                mail = edit_mail(actor=self.actor, record=journey, key=step.key)
                words = {"subject": values["subject"], "content": content_of(values)}
                update_campaign(actor=self.actor, record=mail, values=words)
            for below in ("yes", "no"):
                self.steps(journey, values.get(below, []), step.key, below)

    def people(self, journey: Journey, count: int, started: dt.datetime) -> None:
        """People come in in waves and walk as far as they came by now."""
        version = journey.live
        assert version is not None
        version.journey = journey
        outline, author = Outline(version), author_of(journey)
        rows = Customer.objects.visible_to(author).external().filter(facts__orders__gt=0).order_by("pk")
        first = min(50, rows.count() // 3)  # a small demo has people on their way too
        customers = list(rows[first : first + count * 2 : 2])
        contacts = main_contacts([row.pk for row in customers])
        high = matching(_tree([["value_level", "is", "high"]]), author, [row.pk for row in customers])
        wave = (self.now - started) / _WAVES
        for number, customer in enumerate(customers):
            at = started + wave * (number % _WAVES) + dt.timedelta(hours=3)
            row = Enrolment(
                journey=journey, version=version, customer=customer, contact_id=contacts.get(customer.pk),
                cause=f"demo:{number}", entered_at=at, created_at=at, updated_at=at,
            )  # fmt: skip
            row.save()
            self.walk(row, outline, customer.pk in high)
        for number in range(_WAVES):
            at = started + wave * number + dt.timedelta(hours=3)
            told = {"name": journey.name, "count": len(customers[number::_WAVES])}
            self.history.tell(at, _SYSTEM, "journeys.entered", place(Journey, journey.pk), [], told)
        self.tell_sent(journey)

    def walk(self, row: Enrolment, outline: Outline, is_high: bool) -> None:
        """One person's steps; now and then somebody reaches the goal or is taken out."""
        at, step, chance = row.entered_at, outline.first, self.rng.random()
        opened = False
        while step is not None:
            at = arrival(step, at, row.journey)
            if at > self.now:
                break
            outcome, opened = self.step(row, step, at, is_high, opened)
            step = outline.after(step, outcome)
            if chance < 0.2 and step is not None and step.kind == StepKind.BRANCH:
                return self.leave(row, EnrolmentState.GOAL, at)
            if chance > 0.95 and step is not None and step.kind == StepKind.WAIT and row.runs.count() > 1:
                return self.leave(row, EnrolmentState.TAKEN_OUT, at, "客户来电要求停止 Asked us to stop")
        if step is None:
            return self.leave(row, EnrolmentState.COMPLETED, at)
        row.step, row.due_at = step, at
        row.save()
        return None

    def step(self, row: Enrolment, step: Step, at: dt.datetime, is_high: bool, opened: bool) -> tuple[str, bool]:
        """What became of one step; whether the last mail was opened."""
        run = StepRun(enrolment=row, step=step, key=step.key, created_at=at, updated_at=at)
        if step.kind == StepKind.SEND:
            run.recipient, run.reason = self.send(row, step, at)
            run.outcome = Outcome.SKIPPED if run.reason else Outcome.DONE
            opened = bool(run.recipient and run.recipient.opened_at)
        elif step.kind == StepKind.BRANCH:
            yes = opened if step.settings.get("ask") == Ask.OPENED else is_high
            run.outcome = Outcome.YES if yes else Outcome.NO
        elif step.kind in {StepKind.TASK, StepKind.NOTIFY} and row.customer.owner_id is None:
            run.outcome, run.reason = Outcome.SKIPPED, Obstacle.NO_OWNER
        run.save()
        return run.outcome, opened

    def send(self, row: Enrolment, step: Step, at: dt.datetime) -> tuple[Recipient | None, str]:
        """The mail as it fared, or why it was not sent."""
        assert step.mail is not None
        person = next(iter(resolve(step.mail, only=[row.contact_id or 0])), None)
        if person is None:
            return None, Obstacle.NO_PERSON
        recipient = Recipient(
            campaign=step.mail, customer_id=row.customer_id, contact_id=person.contact_id, address=person.address,
            language=person.language, occasion=row.pk, reason=person.reason, created_at=at,
            state=RecipientState.DROPPED if person.reason else RecipientState.SENT,
        )  # fmt: skip
        if not person.reason:
            recipient.sent_at = at + dt.timedelta(minutes=1)
            if self.rng.random() < 0.55:
                recipient.opened_at = recipient.sent_at + dt.timedelta(minutes=self.rng.randint(5, 2000))
            if recipient.opened_at and self.rng.random() < 0.4:
                recipient.clicked_at = recipient.opened_at + dt.timedelta(minutes=1)
        recipient.save()
        self.respond(recipient)
        return recipient, person.reason

    def respond(self, row: Recipient) -> None:
        for kind, at in ((ResponseKind.OPEN, row.opened_at), (ResponseKind.CLICK, row.clicked_at)):
            if at is not None:
                Response.objects.create(
                    campaign_id=row.campaign_id, customer_id=row.customer_id, contact_id=row.contact_id, recipient=row,
                    kind=kind, at=at, created_at=at,
                )  # fmt: skip

    def leave(self, row: Enrolment, state: str, at: dt.datetime, why: str = "") -> None:
        row.state, row.left_at, row.left_why, row.step = state, min(at, self.now), why, None
        row.save()

    def tell_sent(self, journey: Journey) -> None:
        """One deed for the mails of one step and moment."""
        runs = StepRun.objects.filter(
            enrolment__journey=journey, step__kind=StepKind.SEND, outcome=Outcome.DONE
        ).order_by("created_at", "pk")  # fmt: skip
        batches: dict[tuple[dt.datetime, str], int] = {}
        for at, name in runs.values_list("created_at", "step__name"):
            batches[at, name] = batches.get((at, name), 0) + 1
        for (at, name), count in batches.items():
            told = {"name": journey.name, "step": name, "count": count}
            self.history.tell(at, _SYSTEM, "journeys.sent", place(Journey, journey.pk), [], told)


def _tree(leaves: list[list[Any]]) -> dict[str, Any]:
    """A condition about the customer of (field, operator, value)."""
    return {"v": 1, "all": [{"field": f"customer.{name}", "op": op, "value": value} for name, op, value in leaves]}
