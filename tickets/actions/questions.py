"""What a request type asks: adding, changing, moving and removing its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.conditions.language import parse
from crm.conditions.tree import empty
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.fields.answers import ANSWERS, catalogue_of

from ..choices import Required, Shown
from ..models import RequestType, RequestTypeQuestion

#: A form that asks more is not filled by anybody.
MAX_QUESTIONS = 40
SETTABLE = ("field", "required", "shown", "condition", "preset")


@action(permission="tickets.manage")
def save_question(
    *, actor: Actor, request_type: RequestType, values: Mapping[str, Any], record: RequestTypeQuestion | None = None
) -> RequestTypeQuestion:
    """Adds a question at the end, or changes one. condition: a tree over the answers before it.

    Raises `Invalid` when the type asks it already, asks too much, or the condition cannot be decided by then.
    """
    if set(values) - set(SETTABLE):
        raise Invalid(fields={name: _("This field cannot be set") for name in set(values) - set(SETTABLE)})
    rows = _locked(request_type)
    row = next((entry for entry in rows if record is not None and entry.pk == record.pk), None)
    if row is None:
        if len(rows) >= MAX_QUESTIONS:
            raise Invalid(_("This type asks enough already. Remove a question first."))
        row = RequestTypeQuestion(request_type=request_type, order=rows[-1].order + 1 if rows else 0)
    for name, value in values.items():
        setattr(row, name, value)
    _check_condition(actor, row, rows)
    try:
        row.full_clean()
    except ValidationError as error:
        found = {name: texts[0] for name, texts in error.message_dict.items()}
        raise Invalid(fields={("field" if name == "__all__" else name): text for name, text in found.items()}) from None
    row.save()
    _record(actor, request_type, row)
    return row


@action(permission="tickets.manage")
def move_question(*, actor: Actor, record: RequestTypeQuestion, up: bool) -> None:
    """Moves a question one place. Raises `Invalid` when a condition would then ask about a later answer."""
    rows = _locked(record.request_type)
    place = next(index for index, row in enumerate(rows) if row.pk == record.pk)
    target = place - 1 if up else place + 1
    if not 0 <= target < len(rows):
        return
    rows[place], rows[target] = rows[target], rows[place]
    for index, row in enumerate(rows):
        row.order = index
    for row in rows:
        if row.condition and _asked_by(row.condition) - {entry.field.key for entry in rows[: row.order]}:
            raise Invalid(
                _("“%(name)s” depends on an earlier answer, so it must stay behind that question.") % {"name": row}
            )
    RequestTypeQuestion.objects.bulk_update(rows, ["order"])
    _record(actor, record.request_type, record)


@action(permission="tickets.manage")
def remove_question(*, actor: Actor, record: RequestTypeQuestion) -> None:
    """The type no longer asks it; answers on tickets stay. Raises `Invalid` while another question depends on it."""
    rows = _locked(record.request_type)
    for row in rows:
        if row.pk != record.pk and record.field.key in _asked_by(row.condition):
            raise Invalid(_("“%(name)s” depends on this answer. Change its condition first.") % {"name": row})
    record_type, field = record.request_type, record
    RequestTypeQuestion.objects.filter(pk=record.pk).delete()
    _record(actor, record_type, field)


def _locked(request_type: RequestType) -> list[RequestTypeQuestion]:
    """The type's questions in order, under the type's lock."""
    RequestType.objects.select_for_update(no_key=True).get(pk=request_type.pk)
    return list(request_type.questions.select_related("field").order_by("order", "pk"))


def _check_condition(actor: Actor, row: RequestTypeQuestion, rows: list[RequestTypeQuestion]) -> None:
    """Keeps the checked tree, none where nothing hangs on it. Raises `Invalid`."""
    if row.required != Required.WHEN and row.shown != Shown.WHEN:
        row.condition = {}
        return
    before = [entry.field for entry in rows if entry.pk != row.pk and (row.pk is None or entry.order < row.order)]
    try:
        condition = parse(row.condition or empty(), on=ANSWERS, author=actor, catalogue=catalogue_of(before))
    except Invalid as error:
        raise Invalid(fields={"condition": str(error)}) from None
    if condition.always:
        raise Invalid(fields={"condition": _("Say when: add at least one condition on an earlier answer")})
    row.condition = condition.tree


def _asked_by(node: Any) -> set[str]:
    """The keys of the answers that a tree asks about."""
    if isinstance(node, list):
        return set().union(*(_asked_by(entry) for entry in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {node["field"].removeprefix(f"{ANSWERS}.")} if isinstance(node.get("field"), str) else set()
    return own.union(*(_asked_by(node[name]) for name in ("all", "any", "not") if name in node))


def _record(actor: Actor, request_type: RequestType, row: RequestTypeQuestion) -> None:
    RequestType.objects.filter(pk=request_type.pk).update(updated_at=clock.now())
    what = f"{request_type._meta.verbose_name} {request_type}: {row}"
    record_activity(
        actor=actor, type="tickets.settings_changed", subject=request_type, data={"what": what, "changes": {}}
    )
