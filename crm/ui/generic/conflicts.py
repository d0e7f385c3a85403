"""Edit conflicts: the form carries the values it showed, so that only what two people changed is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Model

from crm.activity.selectors import timeline
from crm.core.actor import Actor
from crm.core.registry import RegistryError

SHOWN = "_shown"
CHOICE = "_choice_"
_SALT = "crm.ui.conflicts"


@dataclass(frozen=True, slots=True)
class Outcome:
    """changed: fields to hand to the action. conflicts: fields that both changed.

    shown_next: what the next form says it showed, so that deciding once is enough.
    """

    changed: Sequence[str]
    conflicts: Sequence[str]
    shown_next: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field as the other person left it; who and when where activity tells."""

    name: str
    label: Any
    theirs: Any
    mine: Any
    who: str
    at: dt.datetime | None
    choice_name: str


def plain(value: Any) -> Any:
    """A value in a form that survives JSON and compares by meaning."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, float)):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items()) if item not in (None, "")}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return sorted(str(plain(item)) for item in value)
    return str(value).replace("\r\n", "\n").strip()


def values_shown(form: Any) -> dict[str, Any]:
    """What an unbound form shows, by field."""
    return {name: plain(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}


def sign(values: Mapping[str, Any]) -> str:
    """The values for a hidden input. Signed: a form must not be told that it showed something else."""
    return signing.dumps(values, salt=_SALT, compress=True)


def unsign(text: str, default: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form showed; the present values when it does not say, so that every change counts as one's own."""
    try:
        return signing.loads(text, salt=_SALT)  # type: ignore[no-any-return]
    except signing.BadSignature:
        return default


def compare(form: Any, *, shown: Mapping[str, Any], present: Mapping[str, Any], post: Mapping[str, Any]) -> Outcome:
    """Three values a field: shown, present, typed. Unchanged by me: theirs stays. Unchanged by them: mine goes in."""
    changed, conflicts = [], []
    for name in form.fields:
        typed = plain(form.cleaned_data.get(name))
        before, now = shown.get(name, present.get(name)), present.get(name)
        if typed in (before, now) or post.get(CHOICE + name) == "theirs":
            continue
        (changed if before == now else conflicts).append(name)
    return Outcome(changed, conflicts, {**shown, **{name: present.get(name) for name in conflicts}})


def explain(names: Sequence[str], form: Any, present: Any, record: Model, viewer: Actor) -> list[Conflict]:
    """The conflicts with the other person's value, name and time. present: an unbound form of the stored record."""
    who, at = _last_change(viewer, record)
    found = []
    for name in names:
        field = form.fields[name]
        theirs = present.get_initial_for_field(present.fields[name], name)
        found.append(
            Conflict(
                name=name,
                label=field.label or name,
                theirs=display(field, theirs),
                mine=display(field, form.cleaned_data.get(name)),
                who=who,
                at=at,
                choice_name=CHOICE + name,
            )
        )
    return found


def display(field: Any, value: Any) -> str:
    """The value as a person reads it: the label of a choice, the name of a row."""
    if value is None or value == "":
        return "--"
    if isinstance(value, Model):
        return str(value)
    queryset = getattr(field, "queryset", None)
    if queryset is not None:
        keys = value if isinstance(value, (list, tuple)) else [value]
        keys = [getattr(key, "pk", key) for key in keys]
        return ", ".join(str(row) for row in queryset.filter(pk__in=keys)) or "--"
    labels = {str(key): label for key, label in getattr(field, "choices", ()) if not isinstance(label, (list, tuple))}
    if isinstance(value, (list, tuple)):
        return ", ".join(str(labels.get(str(item), item)) for item in value) or "--"
    return str(labels.get(str(value), value))


def _last_change(viewer: Actor, record: Model) -> tuple[str, dt.datetime | None]:
    try:
        entries = timeline(viewer, record, limit=1).entries
    except RegistryError:
        entries = ()
    if entries:
        return entries[0].actor_label, entries[0].at
    return "", getattr(record, "updated_at", None)
