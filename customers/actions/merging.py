"""Two to five customers, or contacts of one customer, become one; and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.fields.records import custom_values, store_answers

from ..exceptions import CannotUndo, NotMergeable
from ..lifecycles import merged, unmerged
from ..models import Contact, Customer, Merge
from ..recognising.merging import CONTACT_FIELDS, MOST, same_people
from .customers import checked_values, require_above, save_customer

#: What a survivor takes over from another record of the same person where it says nothing itself.
_FILLED = ("job_title", "role", "preferred_channel", "language", "timezone")


@action(permission="customers.merge")
def merge_customers(
    *,
    actor: Actor,
    into: Customer,
    others: Sequence[Customer],
    values: Mapping[str, Any] | None = None,
    join_people: bool = True,
) -> Merge:
    """Makes `others` part of `into`: all that hangs on them goes over, they stay as redirects.

    values: what the survivor says afterwards, as for `update_customer`; what is not named stays. join_people: people of
    the same name become one, and the stricter of their consents holds. Asking again returns the first merge.
    Raises `Invalid`, `NotMergeable` for the own company, `CodeTaken`, `Circle`, `NotFound` for one out of scope.
    """
    ids = sorted({row.pk for row in others} - {into.pk})
    if not ids or len(ids) >= MOST:
        raise Invalid(_("Choose two to five customers."))
    rows = {row.pk: row for row in Customer.objects.visible_to(actor).lock().filter(pk__in=[into.pk, *ids])}
    if (earlier := _merged_already("customer", into, ids, set(rows))) is not None:
        return earlier
    if any(row.is_internal for row in rows.values()):
        raise NotMergeable
    survivor, rest = rows[into.pk], [rows[pk] for pk in ids]
    columns, answers = checked_values(values or {})
    list(Contact.objects.lock().filter(customer__in=rows).values_list("pk", flat=True))
    pairs = same_people(survivor, rest) if join_people else []
    memory: dict[str, Any] = {"v": 1, "customers": [], "people": []}
    for row in rest:
        memory["customers"].append({"old": row.pk, "rows": merged("customer", row.pk, survivor.pk)})
        _redirect(actor, row, survivor)
    for old, new in pairs:
        memory["people"].append(_join(actor, old, new))
    memory["fields"] = _set_customer(survivor, rest, columns, answers)
    return _keep(actor, "customer", survivor, rest, memory)


@action(permission="customers.merge")
def merge_contacts(
    *, actor: Actor, into: Contact, others: Sequence[Contact], values: Mapping[str, Any] | None = None
) -> Merge:
    """Makes `others` of the same customer part of `into`; the stricter of their consents holds.

    values: any of `CONTACT_FIELDS` and answers, as the survivor says them afterwards. Asking again returns the first
    merge. Raises `Invalid`, `NotMergeable` for colleagues and for people of different customers, `NotFound`.
    """
    ids = sorted({row.pk for row in others} - {into.pk})
    given, answers = dict(values or {}), custom_values(values or {})
    columns = {name: value for name, value in given.items() if name in CONTACT_FIELDS}
    unknown = set(given) - set(columns) - {f"custom_{key}" for key in answers}
    if not ids or len(ids) >= MOST or unknown or not columns.get("name", "-").strip():
        raise Invalid(_("Choose two to five contacts, and a name."))
    rows = {row.pk: row for row in Contact.objects.visible_to(actor).lock().filter(pk__in=[into.pk, *ids])}
    if (earlier := _merged_already("contact", into, ids, set(rows))) is not None:
        return earlier
    survivor, rest = rows[into.pk], [rows[pk] for pk in ids]
    if len({row.customer_id for row in rows.values()}) > 1:
        raise NotMergeable(_("They belong to different customers. Merge the customers."))
    memory: dict[str, Any] = {"v": 1, "people": [_join(actor, row, survivor) for row in rest]}
    before = _image(survivor, [*columns, "custom"])
    for name, value in columns.items():
        setattr(survivor, name, value)
    store_answers(survivor, answers)
    survivor.save()
    memory["fields"] = _difference(survivor, before)
    return _keep(actor, "contact", survivor, rest, memory)


@action(permission="customers.merge")
def undo_merge(*, actor: Actor, merge: Merge) -> None:
    """Gives everything back to the records it came from, exactly as it was. Undoing twice changes nothing.

    Raises `CannotUndo` with the reasons when something was changed, moved or deleted since; then nothing is written.
    """
    model: Any = Customer if merge.kind == "customer" else Contact
    survivor = model.objects.visible_to(actor).lock().filter(pk=merge.into_id).first()
    row = Merge.objects.lock().get(pk=merge.pk)
    if row.undone_at is not None:
        return
    if survivor is None:
        raise NotFound
    others = list(model.all_objects.select_for_update(no_key=True).filter(pk__in=row.other_ids).order_by("pk"))
    try:
        with transaction.atomic():
            reasons = _take_apart(row, survivor, others)
    except IntegrityError:
        reasons = [_("Another record has its registration code or address now")]
    if reasons:
        why = "; ".join(dict.fromkeys(reasons))
        raise CannotUndo(_("This can no longer be undone. %(reasons)s.") % {"reasons": why})
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    _tell(actor, "customers.unmerged", survivor, others)


def _take_apart(row: Merge, survivor: Any, others: list[Any]) -> list[str]:
    """Gives everything back. Returns what stands in the way; the caller then rolls back."""
    reasons = [] if len(others) == len(row.other_ids) else [_("One of them was deleted for good")]
    reasons += _restore(survivor, row.memory["fields"])
    for person in reversed(row.memory["people"]):
        reasons += _part(person)
    for entry in reversed(row.memory.get("customers", [])):
        reasons += unmerged("customer", entry["old"], row.into_id, entry["rows"])
    for other in others if row.kind == "customer" else ():
        _bring_back(other)
    return reasons


def _merged_already(kind: str, into: Model, ids: list[int], found: set[int]) -> Merge | None:
    """The merge that did the same already. Raises `NotFound` when something is missing for another reason."""
    if found == {into.pk, *ids}:
        return None
    merge = Merge.objects.filter(kind=kind, into_id=into.pk, other_ids=ids, undone_at__isnull=True).last()
    if merge is None or into.pk not in found:
        raise NotFound
    return merge


def _redirect(actor: Actor, row: Any, survivor: Any) -> None:
    row.merged_into, row.deleted_at, row.deleted_by_id = survivor, clock.now(), actor.user_id
    row.save(update_fields=["merged_into", "deleted_at", "deleted_by_id"])


def _bring_back(row: Any) -> None:
    row.merged_into, row.deleted_at, row.deleted_by_id = None, None, None
    row.save(update_fields=["merged_into", "deleted_at", "deleted_by_id"])


def _join(actor: Actor, old: Contact, new: Contact) -> dict[str, Any]:
    """One person's two records become one. Returns what parting them needs. Raises `NotMergeable`."""
    old.refresh_from_db()  # both may have gone over to another customer meanwhile
    new.refresh_from_db()
    if old.user_id is not None:
        raise NotMergeable
    rows = merged("contact", old.pk, new.pk)
    before = _image(new, [*_FILLED, "is_primary", "custom"])
    for name in _FILLED:
        setattr(new, name, getattr(new, name) or getattr(old, name))
    new.is_primary = new.is_primary or old.is_primary
    new.custom = {**old.custom, **new.custom}
    was_primary, old.is_primary = old.is_primary, False
    old.save(update_fields=["is_primary"])
    new.save()
    _redirect(actor, old, new)
    return {"old": old.pk, "new": new.pk, "rows": rows, "fields": _difference(new, before), "primary": was_primary}


def _part(person: dict[str, Any]) -> list[str]:
    found = {row.pk: row for row in Contact.all_objects.filter(pk__in=[person["old"], person["new"]])}
    if len(found) < 2:
        return [_("One of the people was deleted for good")]
    old, new = found[person["old"]], found[person["new"]]
    reasons = _restore(new, person["fields"]) + unmerged("contact", old.pk, new.pk, person["rows"])
    old.is_primary = person["primary"]
    old.save(update_fields=["is_primary"])
    _bring_back(old)
    return reasons


def _set_customer(
    survivor: Customer, rest: list[Customer], columns: dict[str, Any], answers: dict[str, Any]
) -> dict[str, Any]:
    before = _image(survivor, [*columns, "parent", "custom", "last_interaction_at"])
    for name, value in columns.items():
        setattr(survivor, name, value)
    if survivor.parent_id in {row.pk for row in rest}:
        survivor.parent = None
    if survivor.parent is not None:
        require_above(survivor, survivor.parent)
    store_answers(survivor, answers)
    talks = [row.last_interaction_at for row in (survivor, *rest) if row.last_interaction_at is not None]
    survivor.last_interaction_at = max(talks, default=None)
    save_customer(survivor)
    return _difference(survivor, before)


def _keep(actor: Actor, kind: str, survivor: Any, rest: Sequence[Any], memory: dict[str, Any]) -> Merge:
    merge = Merge.objects.create(
        kind=kind, into_id=survivor.pk, other_ids=[row.pk for row in rest], memory=memory, made_by_id=actor.user_id
    )
    _tell(actor, "customers.merged", survivor, rest)
    return merge


def _tell(actor: Actor, type_: str, survivor: Any, others: Sequence[Any]) -> None:
    subject = survivor if isinstance(survivor, Customer) else survivor.customer
    names = ", ".join(f"{row.name} ({row.label})" if isinstance(row, Customer) else row.name for row in others)
    data = {"names": names, "others": [row.pk for row in others], "kind": type(survivor).__name__.lower()}
    record(actor=actor, type=type_, subject=subject, anchors=[survivor, *others], data=data)


def _image(row: Model, names: Sequence[str]) -> dict[str, Any]:
    """Columns as JSON."""
    return {name: _plain(getattr(row, row._meta.get_field(name).attname)) for name in names}  # type: ignore[union-attr]


def _difference(row: Model, before: Mapping[str, Any]) -> dict[str, list[Any]]:
    after = _image(row, list(before))
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _restore(row: Any, fields: Mapping[str, list[Any]]) -> list[str]:
    """Sets the values of before; returns which were changed since."""
    reasons = []
    for name, (before, after) in fields.items():
        field = row._meta.get_field(name)
        reader = field.target_field if field.is_relation else field
        if _plain(getattr(row, field.attname)) != after:
            reasons.append(_("%(field)s was changed since") % {"field": str(field.verbose_name).capitalize()})
        setattr(row, field.attname, reader.to_python(before))
    row.save()
    return reasons


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
