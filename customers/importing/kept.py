"""Records with plain fields: changed by an import and put back as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.core.errors import Conflict
from crm.exchange.choices import Outcome
from crm.exchange.declarations import Written
from crm.exchange.memory import image, values_of
from crm.fields.forms import PREFIX


def saved(found: Model | None, fields: Sequence[str], save: Callable[[], Model]) -> Written:
    """Runs the action that makes or changes a record, and remembers both sides of it."""
    before = image(found, fields) if found is not None else {}
    record = save()
    after = image(record, fields)
    if found is None:
        return Written(Outcome.MADE, record, {"made": record.pk, "image": after})
    changed = [name for name in fields if before[name] != after[name]]
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
