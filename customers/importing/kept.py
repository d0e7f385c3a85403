"""Records with plain fields: changed by an import and put back as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.core.errors import Conflict
from crm.exchange.choices import Outcome
from crm.exchange.declarations import Entry, Written
from crm.exchange.memory import image, images, values_of
from crm.fields.forms import PREFIX


def saved_many(
    entries: Sequence[Entry], fields: Sequence[str], save: Callable[[Sequence[Entry]], Sequence[Model]]
) -> list[Written]:
    """Runs the action that makes or changes the entries' records, in order, and remembers both sides of each."""
    before = images([entry.found for entry in entries if entry.found is not None], fields)
    records = save(entries)
    after = images(records, fields)
    return [
        _written(record, before.get(record.pk) if entry.found is not None else None, after[record.pk])
        for entry, record in zip(entries, records, strict=True)
    ]


def _written(record: Model, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Written:
    if before is None:
        return Written(Outcome.MADE, record, {"made": record.pk, "image": after})
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return Written(Outcome.SKIPPED, record)
    sides = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    return Written(Outcome.CHANGED, record, {"changed": record.pk, **sides})


def former(model: type[Model], memory: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The record that a row changed, and its former values as its action takes them. Raises `Conflict`."""
    record = model._base_manager.filter(pk=memory["changed"]).first()
    if record is None or image(record, memory["after"]) != dict(memory["after"]):
        raise Conflict(_("Somebody changed it since"))
    before = memory["before"]
    values = values_of(model, {name: value for name, value in before.items() if name != "custom"})
    if "custom" in before:
        old, new = before["custom"], memory["after"]["custom"]
        values |= {PREFIX + key: old.get(key) for key in {*old, *new} if old.get(key) != new.get(key)}
    return record, values
