"""What differs between two versions of a journey, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ..models import JourneyVersion, Step
from .outline import Outline

_START = ("start_kind", "segment_id", "deed", "date_key", "days_offset", "hour", "every_year")
_RULES = ("reentry", "reentry_days", "goal_rule", "exit_rule")


def starts_alike(one: JourneyVersion, other: JourneyVersion) -> bool:
    """Whether both look for people in the same place."""
    return all(getattr(one, name) == getattr(other, name) for name in _START)


def changes_between(before: JourneyVersion, after: JourneyVersion) -> list[str]:
    """Sentences, none when both say the same: the start, the rules, then steps by their names."""
    found = []
    if not starts_alike(before, after) or before.condition != after.condition:
        found.append(_("Another start"))
    if any(getattr(before, name) != getattr(after, name) for name in _RULES):
        found.append(_("Other rules"))
    old, new = Outline(before), Outline(after)
    places_before = {row.step.key: row for row in old.rows()}
    places_after = {row.step.key: row for row in new.rows()}
    for key, row in places_after.items():
        if key not in places_before:
            found.append(_("New: %(step)s") % {"step": named(row.step)})
        elif _content(row.step) != _content(places_before[key].step):
            found.append(_("Changed: %(step)s") % {"step": named(row.step)})
    for key, row in places_before.items():
        if key not in places_after:
            found.append(_("Removed: %(step)s") % {"step": named(row.step)})
    kept_before = [(key, _home(old, row.step)) for key, row in places_before.items() if key in places_after]
    kept_after = [(key, _home(new, row.step)) for key, row in places_after.items() if key in places_before]
    if kept_before != kept_after:
        found.append(_("Another order of the steps"))
    return found


def named(step: Step) -> str:
    """The step's kind, and its name where it has one."""
    kind = str(step.get_kind_display())
    return _("%(kind)s “%(name)s”") % {"kind": kind, "name": step.name} if step.name else kind


def _content(step: Step) -> tuple[Any, ...]:
    return step.kind, step.name, step.settings, step.condition, step.mail_id, step.tag_id


def _home(outline: Outline, step: Step) -> tuple[str, str]:
    parent = outline.by_id.get(step.parent_id or 0)
    return (parent.key if parent else "", step.way)
