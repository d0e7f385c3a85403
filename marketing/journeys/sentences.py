"""Steps, starts and rules as sentences."""

from __future__ import annotations

import datetime as dt

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.blocks import merge
from crm.conditions.sentences import sentence
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.sockets import activity_types

from ..choices.journeys import Ask, Reentry, StartKind, StepKind, WaitKind, WaitUnit
from ..models import JourneyVersion, Step
from .dates import date_starts
from .rights import ON, is_empty


def step_sentence(step: Step, viewer: Actor) -> str:
    """What the step does, with what it is told."""
    settings, kind = step.settings, StepKind(step.kind)
    if kind == StepKind.SEND:
        subject = merge.fill(str(step.mail.subject), {}) if step.mail else ""
        return _("Send “%(subject)s”") % {"subject": subject} if subject else _("Send an email that has no subject yet")
    if kind == StepKind.WAIT:
        return wait_sentence(settings)
    if kind == StepKind.BRANCH:
        return _branch(step, viewer)
    if kind == StepKind.TASK:
        return _task(settings.get("title", ""), int(settings.get("days", 0)))
    if kind == StepKind.TAG:
        name = step.tag.name if step.tag else "…"
        said = _("Take off the tag “%(tag)s”") if settings.get("remove") else _("Put on the tag “%(tag)s”")
        return said % {"tag": name}
    if kind == StepKind.LEAD:
        return _("Make a lead for whoever looks after the customer")
    if kind == StepKind.NOTIFY:
        return _("Tell the owner: %(text)s") % {"text": settings.get("text", "") or "…"}
    return _("Leave the journey here")


def wait_sentence(settings: dict[str, object]) -> str:
    """How long a wait is."""
    if settings.get("how") == WaitKind.UNTIL:
        time = time_format(dt.time.fromisoformat(str(settings["time"])), "TIME_FORMAT")
        weekday = settings.get("weekday")
        if weekday is None:
            said = _("Wait until it is %(time)s") % {"time": time}
        else:
            said = _("Wait until %(weekday)s, %(time)s") % {"weekday": WEEKDAYS[int(str(weekday))], "time": time}
    else:
        n = int(str(settings.get("n", 0)))
        words = {
            WaitUnit.MINUTES: ngettext("Wait %(count)s minute", "Wait %(count)s minutes", n),
            WaitUnit.HOURS: ngettext("Wait %(count)s hour", "Wait %(count)s hours", n),
            WaitUnit.DAYS: ngettext("Wait %(count)s day", "Wait %(count)s days", n),
        }
        said = words[WaitUnit(str(settings.get("unit", WaitUnit.DAYS)))] % {"count": n}
    return _("%(wait)s, then until the office is open") % {"wait": said} if settings.get("office") else said


def start_sentence(version: JourneyVersion, viewer: Actor) -> str:
    """What brings people in."""
    if version.start_kind == StartKind.SEGMENT:
        name = version.segment.name if version.segment else "…"
        said = _("When a customer comes into the segment “%(name)s”") % {"name": name}
    elif version.start_kind == StartKind.DEED:
        deed = activity_types.get(version.deed)
        said = _("When this happens: %(what)s") % {"what": deed.label if deed else "…"}
    else:
        said = _date(version)
    only = rule_sentence(version.condition, viewer)
    return _("%(start)s, only if: %(condition)s") % {"start": said, "condition": only} if only else said


def rule_sentence(tree: object, viewer: Actor) -> str:
    """A rule in words, "" for an empty one."""
    try:
        return "" if is_empty(tree) else sentence(tree, ON, viewer)
    except Invalid:
        return _("a condition that can no longer be read")


def reentry_sentence(version: JourneyVersion) -> str:
    """Whether somebody may come in again."""
    if version.reentry == Reentry.AFTER:
        days = version.reentry_days
        said = ngettext("Again %(count)s day after leaving", "Again %(count)s days after leaving", days)
        return said % {"count": days}
    return str(version.get_reentry_display())


def _date(version: JourneyVersion) -> str:
    entry, count = date_starts().get(version.date_key), abs(version.days_offset)
    told = {"date": entry.label if entry else "…", "hour": f"{version.hour:02d}:00", "count": count}
    if version.days_offset < 0:
        said = ngettext(
            "%(count)s day before the date “%(date)s”, at %(hour)s",
            "%(count)s days before the date “%(date)s”, at %(hour)s", count,
        )  # fmt: skip
    elif version.days_offset > 0:
        said = ngettext(
            "%(count)s day after the date “%(date)s”, at %(hour)s",
            "%(count)s days after the date “%(date)s”, at %(hour)s", count,
        )  # fmt: skip
    else:
        said = _("On the date “%(date)s”, at %(hour)s")
    said = said % told
    return _("%(start)s, every year") % {"start": said} if version.every_year else said


def _branch(step: Step, viewer: Actor) -> str:
    ask = step.settings.get("ask", Ask.CONDITION)
    if ask != Ask.CONDITION:
        return _("Has the person done this? %(what)s") % {"what": Ask(ask).label}
    return rule_sentence(step.condition, viewer) or _("A question that is not asked yet")


def _task(title: str, days: int) -> str:
    if not days:
        return _("Task for the owner, due at once: %(title)s") % {"title": title or "…"}
    said = ngettext(
        "Task for the owner, due in %(count)s day: %(title)s", "Task for the owner, due in %(count)s days: %(title)s",
        days,
    )  # fmt: skip
    return said % {"count": days, "title": title or "…"}
