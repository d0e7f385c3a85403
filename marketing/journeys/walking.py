"""People take their steps: batch by batch, each batch one transaction, every step of every person once.

A batch locks people whose next step has come, moves each by one step, and commits what the step did together with
where the person stands then. So a worker that dies between two steps has lost or doubled nothing, and two workers
never hold the same person.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from crm.activity.recording import record
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.core.text import clean_line

from ..choices.journeys import EnrolmentState, Outcome, StepKind
from ..models import Enrolment, Journey, JourneyVersion, Step, StepRun
from .effects import Result, take
from .entering import arrival
from .outline import Outline
from .rights import Stuck, author_of, holds, is_empty

logger = logging.getLogger(__name__)

#: People that one transaction moves.
BATCH = 200
#: After so many failures of one step a person is stopped; before, each try waits longer.
TRIES = 5
_WAITS = (60, 300, 1800, 7200)
_ACTOR = Actor.system("journeys")


def walk_batch(size: int = BATCH) -> int:
    """Moves the people who are due by one step. Returns how many there were."""
    with transaction.atomic():
        now = clock.database_now()
        people = _due(now, size)
        going = _still_wanted(people, now)
        groups: dict[Step, list[Enrolment]] = defaultdict(list)
        for row in going:
            assert row.step is not None
            groups[row.step].append(row)
        for step, rows in groups.items():
            _take(step, rows, now)
    return len(people)


def check_rules(version: JourneyVersion, size: int = BATCH * 5) -> int:
    """Takes out the waiting people for whom the goal or the exit rule holds by now. Returns how many."""
    done, after = 0, 0
    while True:
        with transaction.atomic():
            inside = Enrolment.objects.inside().filter(version=version, pk__gt=after)
            rows = list(inside.select_for_update(no_key=True, skip_locked=True).order_by("pk")[:size])
            for row in rows:
                row.journey, row.version = version.journey, version
            done += len(rows) - len(_by_rules(rows, clock.database_now()))
        if len(rows) < size:
            return done
        after = rows[-1].pk


def leave(rows: Sequence[Enrolment], state: str, now: dt.datetime, why: str = "") -> None:
    """These people leave, as `state` says. The caller holds their locks and tells of it."""
    for row in rows:
        row.state, row.left_at, row.left_why = state, now, why
        row.step, row.tries = None, 0
    Enrolment.objects.bulk_update(rows, ["state", "left_at", "left_why", "step", "tries"])


def _due(now: dt.datetime, size: int) -> list[Enrolment]:
    rows = Enrolment.objects.due(now).select_related(
        "journey__brand", "journey__owner", "version", "step__mail__brand", "step__tag", "customer__owner", "contact"
    )
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return list(locked.order_by("due_at", "pk")[:size])


def _still_wanted(people: Sequence[Enrolment], now: dt.datetime) -> list[Enrolment]:
    """Without those who are gone, whose goal is reached, or who leave by the rule."""
    gone = [row for row in people if row.customer.deleted_at or (row.contact and row.contact.deleted_at)]
    leave(gone, EnrolmentState.TAKEN_OUT, now, "deleted")
    left = {row.pk for row in gone}
    return _by_rules([row for row in people if row.pk not in left], now)


def _by_rules(people: Sequence[Enrolment], now: dt.datetime) -> list[Enrolment]:
    """Takes out whom a rule of their version holds for; who has no owner to ask in the name of, waits."""
    staying: list[Enrolment] = []
    for version, rows in _grouped(people):
        ids = {row.customer_id for row in rows}
        try:
            author = author_of(version.journey)
        except Stuck:
            _put_off(rows, now)
            continue
        reached = holds(version.goal_rule, author, ids)
        out = holds(version.exit_rule, author, ids) - reached
        _leave_together(version.journey, [row for row in rows if row.customer_id in reached], EnrolmentState.GOAL, now)
        _leave_together(version.journey, [row for row in rows if row.customer_id in out], EnrolmentState.EXITED, now)
        staying += [row for row in rows if row.customer_id not in reached | out]
    return staying


def _grouped(people: Iterable[Enrolment]) -> list[tuple[JourneyVersion, list[Enrolment]]]:
    groups: dict[int, list[Enrolment]] = defaultdict(list)
    versions: dict[int, JourneyVersion] = {}
    for row in people:
        version = versions.setdefault(row.version_id, row.version)
        version.journey = row.journey
        groups[row.version_id].append(row)
    return [(versions[pk], rows) for pk, rows in groups.items()]


def _put_off(rows: Sequence[Enrolment], now: dt.datetime) -> None:
    """They wait for the journey to get an owner."""
    for row in rows:
        row.due_at = max(row.due_at, now + dt.timedelta(hours=1))
    Enrolment.objects.bulk_update(rows, ["due_at"])


def _take(step: Step, people: Sequence[Enrolment], now: dt.datetime) -> None:
    """The step for all of them together; when that fails, for each alone, so that one person's trouble is theirs."""
    try:
        with transaction.atomic():
            _move(step, people, take(step, people), now)
    except Exception as error:
        if len(people) == 1:
            _note_failure(step, people[0], error, now)
            return
        for row in people:
            row.refresh_from_db(fields=["state", "step", "due_at", "tries", "left_at", "left_why"])
            _take(step, [row], now)


def _move(step: Step, people: Sequence[Enrolment], results: dict[int, Result], now: dt.datetime) -> None:
    """Notes what became of the step, and puts everybody before their next one."""
    deed = _tell_sent(step, people, results)
    runs = [_run(row, step, results[row.pk], deed) for row in people]
    StepRun.objects.bulk_create(runs)
    done = _taken(people)
    outline = Outline(people[0].version)
    through = []
    for row in people:
        following = outline.fresh(outline.after(step, results[row.pk].outcome), done[row.pk])
        if following is None:
            through.append(row)
            continue
        row.step, row.tries, row.due_at = following, 0, arrival(following, now, row.journey)
    Enrolment.objects.bulk_update(people, ["step", "tries", "due_at"])
    _leave_together(people[0].journey, through, EnrolmentState.COMPLETED, now)


def _run(row: Enrolment, step: Step, result: Result, deed: int | None) -> StepRun:
    reached = result.recipient is not None and result.outcome == Outcome.DONE
    return StepRun(
        enrolment=row, step=step, key=step.key, outcome=result.outcome, reason=result.reason, note=result.note,
        recipient=result.recipient, activity=deed if reached else None,
    )  # fmt: skip


def _taken(people: Sequence[Enrolment]) -> dict[int, dict[str, str]]:
    """Enrolment id → the keys of steps taken, with their outcomes: a person who was moved may have taken later ones."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = StepRun.objects.filter(enrolment__in=[row.pk for row in people])
    for pk, key, outcome in rows.values_list("enrolment", "key", "outcome"):
        found[pk][key] = outcome
    return found


def _tell_sent(step: Step, people: Sequence[Enrolment], results: dict[int, Result]) -> int | None:
    """One deed for a batch of mails; where each stands on its reader's timeline."""
    count = sum(results[row.pk].outcome == Outcome.DONE for row in people)
    if step.kind != StepKind.SEND or not count:
        return None
    journey = people[0].journey
    name = step.name or (step.mail.name if step.mail else "")
    data = {"name": journey.name, "step": name, "count": count}
    return record(actor=_ACTOR, type="journeys.sent", subject=journey, data=data).pk


def _leave_together(journey: Journey, rows: Sequence[Enrolment], state: str, now: dt.datetime) -> None:
    """They leave, and one deed says so."""
    if not rows:
        return
    leave(rows, state, now)
    reached = len(rows) if state == EnrolmentState.GOAL else 0
    data = {"name": journey.name, "count": len(rows), "reached": reached}
    deed = record(actor=_ACTOR, type="journeys.left", subject=journey, data=data)
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(left_activity=deed.pk)


def _note_failure(step: Step, row: Enrolment, error: Exception, now: dt.datetime) -> None:
    """The person tries again later and, after the last time, is stopped with the reason."""
    logger.exception("step %s of enrolment %s failed", step.pk, row.pk)
    row.refresh_from_db(fields=["state", "step", "due_at", "tries", "left_at", "left_why"])
    row.tries += 1
    said = clean_line(str(error) if isinstance(error, DomainError) else type(error).__name__, 300)
    if row.tries < TRIES:
        row.due_at = now + dt.timedelta(seconds=_WAITS[row.tries - 1])
        row.save(update_fields=["tries", "due_at"])
        return
    StepRun.objects.create(enrolment=row, step=step, key=step.key, outcome=Outcome.FAILED, reason="error", note=said)
    leave([row], EnrolmentState.FAILED, now, said)


def has_rules(version: JourneyVersion) -> bool:
    """Whether anybody may leave before the end."""
    return not (is_empty(version.goal_rule) and is_empty(version.exit_rule))
