"""An administrator's verbs on custom fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.core.translated import Translated
from crm.jobs import runners

from . import catalogue
from .choices import FieldType
from .models import CustomField, FieldsVersion
from .registry import custom_kinds
from .selectors import options_in_use, usage

#: Indexes make every change of a record dearer.
MAX_INDEXED = 10
MAX_OPTIONS = 200
#: Answers that lists can sort by.
SORTABLE = frozenset(FieldType) - {FieldType.LONG_TEXT, FieldType.MANY_CHOICE, FieldType.PHOTO}
EDITABLE = (
    "name", "help", "type", "options", "is_staff_only", "is_active", "is_listed", "is_indexed", "order",
)  # fmt: skip


@action(permission="fields.manage")
def save_custom_field(*, actor: Actor, values: Mapping[str, Any], record: CustomField | None = None) -> CustomField:
    """Makes a field (values name its `kind` code and `key`) or changes one; answers that exist are kept.

    An option that leaves while records answer it stays, no longer offered. Raises `Invalid`: a key is for good, the
    kind of answer once there are answers, and at most ten fields of a kind of record are indexed.
    """
    FieldsVersion.objects.get_or_create(pk=FieldsVersion.ONLY)
    list(FieldsVersion.objects.select_for_update(no_key=True))  # one change at a time: options and indexes are counted
    row = CustomField.objects.lock().get(pk=record.pk) if record is not None else _new(values)
    before = {name: getattr(row, name) for name in EDITABLE} if record is not None else {}
    known = EDITABLE if record is not None else (*EDITABLE, "kind", "key")
    if unknown := set(values) - set(known):
        raise Invalid(fields={name: _("This cannot be changed") for name in unknown})
    for name in EDITABLE:
        if name in values:
            setattr(row, name, values[name])
    if before and row.type != before["type"] and usage(row):
        raise Invalid(fields={"type": _("Records already answer this. Make a new field and switch this one off.")})
    row.options = _options(row, before.get("options") or []) if row.has_options else []
    _check_index(row)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    changes = {name: [_plain(old), _plain(getattr(row, name))] for name, old in before.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if record is not None and not changes:
        return row
    row.save()
    catalogue.changed()
    _record(actor, row, changes if record is not None else None)
    if row.wants_index != row.index_ready:
        runners.start(
            kind="fields.index", label=_("Index of %(field)s") % {"field": row}, owner_id=actor.user_id,
            params={"field_id": row.pk},
        )  # fmt: skip
    return row


def _new(values: Mapping[str, Any]) -> CustomField:
    kind = values.get("kind")
    if not isinstance(kind, int) or custom_kinds.by_code(kind) is None:
        raise Invalid(fields={"kind": _("Choose a kind of record that takes custom fields")})
    return CustomField(kind=kind, key=values.get("key", ""))


def _check_index(row: CustomField) -> None:
    if not row.is_indexed:
        return
    if row.type not in SORTABLE:
        raise Invalid(fields={"is_indexed": _("Lists cannot sort by this kind of answer. Leave it off.")})
    others = CustomField.objects.filter(kind=row.kind, is_indexed=True, is_active=True).exclude(pk=row.pk)
    if row.is_active and others.count() >= MAX_INDEXED:
        raise Invalid(
            fields={
                "is_indexed": _("%(limit)s fields are fast already. Switch that off for another one first.")
                % {"limit": MAX_INDEXED}
            }
        )


def _options(row: CustomField, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The options as they are stored: checked, each with a value of its own, those in use kept."""
    given = row.options if isinstance(row.options, list) else []
    taken = {str(option.get("value", "")) for option in [*given, *before] if isinstance(option, Mapping)} - {""}
    found = [_option(option, taken) for option in given]
    values = [option["value"] for option in found]
    if len(set(values)) != len(values):
        raise Invalid(fields={"options": _("Two choices are the same. Change or remove one.")})
    gone = [option for option in before if option["value"] not in values]
    kept = options_in_use(row, [option["value"] for option in gone]) if gone and row.pk else set()
    found += [{**option, "is_active": False} for option in gone if option["value"] in kept]
    if not any(option.get("is_active", True) for option in found):
        raise Invalid(fields={"options": _("Enter at least one choice")})
    if len(found) > MAX_OPTIONS:
        raise Invalid(fields={"options": _("Enter at most %(limit)s choices") % {"limit": MAX_OPTIONS}})
    return found


def _option(given: Any, taken: set[str]) -> dict[str, Any]:
    texts = given if isinstance(given, Mapping) else {}
    codes = [code for code, _name in settings.LANGUAGES]
    labels = {code: clean_line(str(texts.get(code) or ""), 80) for code in codes}
    labels = {code: text for code, text in labels.items() if text}
    if not labels:
        raise Invalid(fields={"options": _("Enter each choice in at least one language")})
    value = clean_line(str(texts.get("value") or ""), 40)
    if not value:
        value = _unused(labels.get(codes[0]) or next(iter(labels.values())), taken)
        taken.add(value)
    active = bool(texts.get("is_active", True))
    return {"value": value, **labels, **({} if active else {"is_active": False})}


def _unused(label: str, taken: Iterable[str]) -> str:
    """A value made of the label: "Out of stock" → "out_of_stock"; letters of any script stay."""
    base = re.sub(r"\W+", "_", label.casefold()).strip("_")[:32] or "option"
    number, value = 1, base
    while value in taken:
        number += 1
        value = f"{base}_{number}"
    return value


def _record(actor: Actor, row: CustomField, changes: dict[str, Any] | None) -> None:
    kind = row.record_kind
    data = {"name": dict(row.name), "key": row.key, "of": kind.key if kind else "", "changes": changes or {}}
    record_activity(actor=actor, type="fields.created" if changes is None else "fields.updated", subject=row, data=data)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Translated) else value
