"""Why a condition holds for one record, or does not: its lines in words, and the record's own value for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.actor import Actor

from .language import Branch, Check, Condition, evaluate_many
from .registry import CATALOGUE, Catalogue
from .sentences import Speaker

#: Of a long list of values so many are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """depth: 0 for the outermost. holds: None where the viewer may not read the field. value: in words, "" for none."""

    depth: int
    text: str
    holds: bool | None
    value: str = ""
    is_group: bool = False


def explain(
    condition: Condition, row: Model, viewer: Actor, *, now: dt.datetime | None = None, catalogue: Catalogue = CATALOGUE
) -> list[Line]:
    """The lines of a condition, in order, for one stored record. One query for all that holds; values as Python reads.

    A field that the viewer may not read is a hidden one, whether it holds is not said, nor whether its group does.
    """
    checks = list(condition.root.checks())
    single = {i: Condition(condition.on, Branch("all", (check,))) for i, check in enumerate(checks)}
    rows = type(row)._base_manager.filter(pk=row.pk)
    held = evaluate_many(single, rows, now or clock.now())
    answers = dict(zip(checks, held.values(), strict=True))
    telling = _Telling(row, viewer, Speaker(condition.on, viewer, catalogue), answers)
    return [line for item in condition.root.items for line in telling.lines(item, 0)]


class _Telling:
    def __init__(self, row: Model, viewer: Actor, speaker: Speaker, held: dict[Check, bool]) -> None:
        self.row, self.viewer, self.speaker, self.held = row, viewer, speaker, held

    def lines(self, item: Check | Branch, depth: int) -> Iterator[Line]:
        if isinstance(item, Check):
            yield self.leaf(item, depth)
            return
        yield Line(depth, _title(item), self.holds(item), is_group=True)
        for inner in item.items:
            yield from self.lines(inner, depth + 1)

    def leaf(self, check: Check, depth: int) -> Line:
        text = self.speaker.said(check.json())
        if not check.path.readable_by(self.viewer):
            return Line(depth, text, None)
        return Line(depth, text, self.held[check], self.value(check))

    def holds(self, item: Check | Branch) -> bool | None:
        if isinstance(item, Check):
            return self.held[item] if item.path.readable_by(self.viewer) else None
        answers = [self.holds(inner) for inner in item.items]
        if None in answers:
            return None
        some = all if item.match == "all" else any
        return some(answers) is not item.negative

    def value(self, check: Check) -> str:
        found = check.path.read(self.row)
        if not check.path.field.many:
            return self.speaker.value(check.path, found)
        values = list(dict.fromkeys(found or ()))
        named = ", ".join(self.speaker.value(check.path, value) for value in values[:NAMED])
        more = len(values) - NAMED
        return _("%(named)s and %(count)s more") % {"named": named, "count": more} if more > 0 else named


def _title(group: Branch) -> str:
    if group.negative:
        return _("None of these is true") if group.match == "any" else _("Not all of these are true")
    return _("All of these are true") if group.match == "all" else _("At least one is true")
