"""What a step of each kind may be told, checked; a draft may be left unfinished, so empty is allowed here.

wait: {"how", "n", "unit", "weekday", "time", "office"} · branch: {"ask"} · task: {"title", "days", "what", "notes"}
tag: {"remove"} · lead: {"message"} · notify: {"text"}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.text import clean_line, clean_text
from crm.planner.choices import TaskKind

from ..choices.journeys import Ask, StepKind, WaitKind, WaitUnit
from .waits import MAX_DAYS

_MINUTES = {WaitUnit.MINUTES: 1, WaitUnit.HOURS: 60, WaitUnit.DAYS: 1440}


def first_settings(kind: str) -> dict[str, Any]:
    """What a new step begins with."""
    if kind == StepKind.WAIT:
        return {"how": WaitKind.SPAN.value, "n": 1, "unit": WaitUnit.DAYS.value, "office": False}
    return _CLEAN[StepKind(kind)]({})


def clean_settings(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked form. Raises `Invalid` with `fields`."""
    return _CLEAN[StepKind(kind)](given)


def _wait(given: Mapping[str, Any]) -> dict[str, Any]:
    office = bool(given.get("office"))
    if given.get("how") == WaitKind.UNTIL:
        weekday = given.get("weekday")
        if weekday not in {None, *range(7)}:
            raise Invalid(fields={"weekday": _("Choose a day of the week")})
        try:
            time = dt.time.fromisoformat(str(given.get("time", "")))
        except ValueError:
            raise Invalid(fields={"time": _("Enter the time")}) from None
        return {
            "how": WaitKind.UNTIL.value, "weekday": weekday, "time": time.isoformat("minutes"), "office": office,
        }  # fmt: skip
    unit = given.get("unit") or WaitUnit.DAYS.value
    if unit not in WaitUnit.values:
        raise Invalid(fields={"unit": _("Choose minutes, hours or days")})
    n = int(given.get("n") or 0)
    if not 0 <= n * _MINUTES[WaitUnit(unit)] <= MAX_DAYS * 1440:
        raise Invalid(fields={"n": _("Enter a wait of at most %(days)s days") % {"days": MAX_DAYS}})
    return {"how": WaitKind.SPAN.value, "n": n, "unit": str(unit), "office": office}


def _branch(given: Mapping[str, Any]) -> dict[str, Any]:
    ask = given.get("ask") or Ask.CONDITION.value
    if ask not in Ask.values:
        raise Invalid(fields={"ask": _("Choose what it looks at")})
    return {"ask": str(ask)}


def _task(given: Mapping[str, Any]) -> dict[str, Any]:
    days, what = int(given.get("days") or 0), given.get("what") or TaskKind.TODO.value
    if not 0 <= days <= MAX_DAYS:
        raise Invalid(fields={"days": _("Enter at most %(days)s days") % {"days": MAX_DAYS}})
    if what not in TaskKind.values:
        raise Invalid(fields={"what": _("Choose what has to be done")})
    return {
        "title": clean_line(given.get("title", ""), 200), "days": days, "what": str(what),
        "notes": clean_text(given.get("notes", ""))[:2000],
    }  # fmt: skip


def _words(key: str, limit: int) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda given: {key: clean_text(given.get(key, ""))[:limit]}


_CLEAN: dict[StepKind, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    StepKind.SEND: lambda given: {}, StepKind.WAIT: _wait, StepKind.BRANCH: _branch, StepKind.TASK: _task,
    StepKind.TAG: lambda given: {"remove": bool(given.get("remove"))}, StepKind.LEAD: _words("message", 2000),
    StepKind.NOTIFY: _words("text", 300), StepKind.LEAVE: lambda given: {},
}  # fmt: skip
