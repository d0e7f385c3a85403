"""What must be right before a version goes live, in plain words, each with the place where it is put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from customers.choices import SegmentKind

from ..choices.journeys import Ask, Reentry, StartKind, StepKind
from ..models import JourneyVersion, Step
from ..selectors.checks import mail_checks
from .changes import named
from .dates import date_starts
from .outline import Outline, Row
from .rights import Stuck, author_of, condition_of, is_empty
from .starts import DEEDS
from .waits import is_nothing

#: Where a line is put right: the start, the rules, the properties, or a step by its key.
START, RULES, PROPERTIES = "start", "rules", "properties"


@dataclass(frozen=True, slots=True)
class JourneyCheck:
    """One line of the list. place: `START`, `RULES`, `PROPERTIES` or the key of a step."""

    key: str
    is_right: bool
    label: str
    detail: str = ""
    blocks: bool = True
    place: str = ""


def checks_of(version: JourneyVersion) -> list[JourneyCheck]:
    """Every check, right or wrong, in the order of the page."""
    outline = Outline(version)
    found = [*_owner(version), *_start(version), *_rules(version)]
    rows = outline.rows()
    found.append(JourneyCheck("steps", bool(rows), _("The journey has steps"), place="outline"))
    for row in rows:
        found += _step(version, outline, row)
    return found


def stands_in_the_way(version: JourneyVersion) -> list[JourneyCheck]:
    """The checks that fail and block."""
    return [check for check in checks_of(version) if check.blocks and not check.is_right]


def _owner(version: JourneyVersion) -> Iterator[JourneyCheck]:
    owner = version.journey.owner
    yield JourneyCheck(
        "owner", owner is not None and owner.is_active, _("Somebody who works here owns the journey"),
        _("It meets the customers that its owner may see."), place=PROPERTIES,
    )  # fmt: skip


def _start(version: JourneyVersion) -> Iterator[JourneyCheck]:
    label = _("It is clear what starts it")
    if version.start_kind == StartKind.SEGMENT:
        gone = _("The segment is not chosen, or does not exist any more.")
        yield JourneyCheck("segment", version.segment is not None, label, "" if version.segment else gone, place=START)
        if version.segment is not None and version.segment.kind == SegmentKind.DYNAMIC and version.segment.failure:
            yield JourneyCheck(
                "segment_kept", False, _("The segment is kept up to date"),
                str(version.segment.get_failure_display()), blocks=False, place=START,
            )  # fmt: skip
    elif version.start_kind == StartKind.DEED:
        yield JourneyCheck("deed", version.deed in DEEDS, label, place=START)
    else:
        known = version.date_key in date_starts()
        gone = _("The date is not chosen, or does not exist any more.")
        yield JourneyCheck("date", known, label, "" if known else gone, place=START)
    yield from _readable(version, "condition", version.condition, START, _("The condition at the start can be read"))


def _rules(version: JourneyVersion) -> Iterator[JourneyCheck]:
    endless = version.reentry == Reentry.ALWAYS or (version.reentry == Reentry.AFTER and not version.reentry_days)
    if endless:
        waits = any(step.kind == StepKind.WAIT for step in version.steps.all())
        yield JourneyCheck(
            "reentry", waits, _("Nobody goes round and round"),
            "" if waits else _("People may come in again at once, and nothing in the journey makes them wait."),
            place=RULES,
        )  # fmt: skip
    yield from _readable(version, "goal_rule", version.goal_rule, RULES, _("The goal can be read"))
    yield from _readable(version, "exit_rule", version.exit_rule, RULES, _("The exit rule can be read"))


def _readable(version: JourneyVersion, key: str, tree: Any, place: str, label: str) -> Iterator[JourneyCheck]:
    """A line only where something is wrong: rules may be empty."""
    try:
        if not is_empty(tree):
            condition_of(tree, author_of(version.journey))
    except Stuck:
        return
    except Invalid:
        yield JourneyCheck(key, False, label, _("It asks something that its owner may not read any more."), place=place)


def _step(version: JourneyVersion, outline: Outline, row: Row) -> Iterator[JourneyCheck]:
    step = row.step

    def check(key: str, is_right: bool, problem: str, *, blocks: bool = True) -> Iterator[JourneyCheck]:
        if not is_right:
            label = _("Step %(number)s: %(step)s") % {"number": shown(row.number), "step": named(step)}
            yield JourneyCheck(f"{step.key}.{key}", False, label, problem, blocks, step.key)

    settings = step.settings
    if step.kind == StepKind.SEND:
        yield from _mail(step, check)
    elif step.kind == StepKind.WAIT:
        yield from check("wait", not is_nothing(settings), _("It waits for no time at all. Enter how long."))
    elif step.kind == StepKind.BRANCH:
        yield from _branch(version, outline, step, check)
    elif step.kind == StepKind.TASK:
        yield from check("task", bool(settings.get("title")), _("Enter what has to be done."))
    elif step.kind == StepKind.TAG:
        yield from check("tag", step.tag is not None, _("Choose a tag; the one it had may be gone."))
    elif step.kind == StepKind.NOTIFY:
        yield from check("text", bool(settings.get("text")), _("Enter what the owner is told."))


def _mail(step: Step, check: Any) -> Iterator[JourneyCheck]:
    mail = step.mail
    if mail is None:
        yield from check("mail", False, _("It has no email."))
        return
    for one in mail_checks(mail):
        if not one.is_right:
            words = f"{one.label}: {one.detail}" if one.detail else one.label
            yield from check(one.key, False, _("Not yet: %(what)s") % {"what": words}, blocks=one.blocks)


def _branch(version: JourneyVersion, outline: Outline, step: Step, check: Any) -> Iterator[JourneyCheck]:
    if step.settings.get("ask", Ask.CONDITION) == Ask.CONDITION:
        yield from check("condition", not is_empty(step.condition), _("It has no condition. Enter what decides."))
        readable = not any(_readable(version, "", step.condition, "", ""))
        yield from check("readable", readable, _("It asks something that the owner may not read any more."))
    else:
        before = _ahead(outline, step)
        sent = any(one.kind == StepKind.SEND for one in before)
        yield from check("before", sent, _("No email is sent before it, so the answer is always no."))
    ways = sum(bool(outline.path(step, way)) for way in ("yes", "no"))
    yield from check("paths", ways > 0, _("Both its paths are empty, so it decides nothing."), blocks=False)


def _ahead(outline: Outline, step: Step) -> list[Step]:
    """The steps that stand before it as the outline is read."""
    found = []
    for row in outline.rows():
        if row.step == step:
            break
        found.append(row.step)
    return found


def shown(number: str) -> str:
    """A step's number in words: "2 yes 1"."""
    words = {"yes": _("yes"), "no": _("no")}
    return " ".join(words.get(part, part) for part in number.split("."))
