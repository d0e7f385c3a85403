"""Verbs on customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import Deed, record, record_many
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.numbering import next_numbers
from crm.core.text import clean_line, clean_text
from crm.fields.forms import PREFIX
from crm.fields.records import changed_in_words, custom_values, store_answers
from crm.ui.generic.dependents import dependents_of

from ..choices import CustomerKind, Source, Stage
from ..exceptions import BadRegistrationCode, Circle, CodeTaken, InUse
from ..models import Contact, Customer, Identity
from ..models.customers import NUMBER_SEQUENCE
from ..recognising.registration import masked_registration_code, normal_registration_code
from .portal_sessions import end_sessions

#: A tree of companies is at most this deep.
MAX_LEVELS = 20
#: What a person may set on a customer; anything else in `values` raises `Invalid`.
EDITABLE = (
    "name", "kind", "stage", "source", "owner", "department", "industry", "website", "address", "language",
    "timezone", "note", "parent", "registration_code",
)  # fmt: skip


@action(permission="customers.create")
def create_customer(*, actor: Actor, values: Mapping[str, Any]) -> Customer:
    """Creates a customer owned by its creator unless `values` says otherwise.

    Answers to custom fields are named "custom_" and their key. Raises `Invalid` for an empty name or an unknown field,
    `BadRegistrationCode`, `CodeTaken`.
    """
    return create_customers(actor=actor, rows=[values])[0]


@action(permission="customers.create")
def create_customers(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Customer]:
    """`create_customer` for many, all or none, in as few statements as for one. Raises as that does."""
    brand = Brand.default()
    customers = [_new(actor, brand, values) for values in rows]
    owners = User.objects.in_bulk({row.owner_id for row in customers if row.owner_id and row.department_id is None})
    numbers = next_numbers(NUMBER_SEQUENCE, len(customers))
    for row, number in zip(customers, numbers, strict=True):
        row.number = number
        if row.department_id is None and row.owner_id in owners:
            row.department_id = owners[row.owner_id].department_id
        row.fill_keys()
    with _telling_of_codes():
        Customer.objects.bulk_create(customers)
    record_many(actor=actor, deeds=[Deed("customers.created", row, data={"name": row.name}) for row in customers])
    return customers


@action(permission="customers.update")
def update_customer(*, actor: Actor, customer: Customer, values: Mapping[str, Any]) -> Customer:
    """Sets the given fields. Nothing is written when none differs.

    Raises `Invalid`, `BadRegistrationCode`, `CodeTaken`, and `Circle` for a parent that is below the customer.
    """
    return update_customers(actor=actor, rows=[(customer, values)])[0]


@action(permission="customers.update")
def update_customers(*, actor: Actor, rows: Sequence[tuple[Customer, Mapping[str, Any]]]) -> list[Customer]:
    """`update_customer` for many, one after the other, all or none, locked and told together. Raises as that does."""
    found = locked_many(actor, [customer for customer, _values in rows])
    deeds = []
    for customer, values in rows:
        row = found[customer.pk]
        if (deed := _set(row, values)) is not None:
            save_customer(row)
            deeds.append(deed)
    record_many(actor=actor, deeds=deeds)
    return [found[customer.pk] for customer, _values in rows]


@action(permission="customers.delete")
def delete_customer(*, actor: Actor, customer: Customer) -> None:
    """Moves a customer and its people to the recycle bin. Raises `InUse` while tickets or other records need it."""
    delete_customers(actor=actor, customers=[customer])


@action(permission="customers.delete")
def delete_customers(*, actor: Actor, customers: Sequence[Customer]) -> None:
    """`delete_customer` for many, all or none. Raises `InUse`, `NotFound`."""
    rows = list(locked_many(actor, customers).values())
    if dependents_of(*rows).blocked:
        raise InUse
    gone = {"deleted_at": clock.now(), "deleted_by_id": actor.user_id}
    Identity.objects.filter(contact__customer__in=rows).update(**gone)
    people = Contact.objects.filter(customer__in=rows)
    end_sessions(people.values("pk"))
    people.update(**gone)
    Customer.objects.filter(pk__in=[row.pk for row in rows]).update(**gone, updated_at=gone["deleted_at"])
    record_many(actor=actor, deeds=[Deed("customers.deleted", row, data={"name": row.name}) for row in rows])


@action(permission="customers.update")
def add_note(*, actor: Actor, customer: Customer, text: str) -> None:
    """Puts a note on the customer's timeline. Raises `Invalid` when it is empty."""
    body = clean_text(text, 4000)
    if not body:
        raise Invalid(fields={"text": _("Enter the note")})
    row = locked(actor, customer)
    record(actor=actor, type="customers.noted", subject=row, data={"text": body})


def locked(actor: Actor, customer: Customer) -> Customer:
    """The customer, fresh and locked, out of the actor's set. Raises `NotFound`."""
    return locked_many(actor, [customer])[customer.pk]


def locked_many(actor: Actor, customers: Iterable[Customer]) -> dict[int, Customer]:
    """Id → customer, fresh and locked, out of the actor's set. Raises `NotFound` when one of them is missing there."""
    wanted = {customer.pk for customer in customers}
    found = {row.pk: row for row in Customer.objects.visible_to(actor).lock().filter(pk__in=wanted)}
    if wanted - set(found):
        raise NotFound
    return found


def save_customer(customer: Customer) -> None:
    """Stores it. Raises `CodeTaken` when another living customer has its registration code."""
    with _telling_of_codes():
        customer.save()


@contextmanager
def _telling_of_codes() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "one_customer_per_registration" not in str(error):
            raise
        raise CodeTaken(fields={"registration_code": CodeTaken.default}) from None


def require_above(customer: Customer, parent: Customer) -> None:
    """Raises `Circle` unless the way up from the parent never meets the customer."""
    above: Customer | None = parent
    for _step in range(MAX_LEVELS):
        if above is None:
            return
        if above.pk == customer.pk:
            break
        above = Customer.objects.filter(pk=above.parent_id).first() if above.parent_id else None
    raise Circle(fields={"parent": Circle.default})


def _new(actor: Actor, brand: Brand, values: Mapping[str, Any]) -> Customer:
    fields, answers = checked_values(values)
    if actor.user_id is not None and "owner" not in fields:
        fields["owner_id"] = actor.user_id
    fields.setdefault("source", Source.STAFF)
    customer = Customer(brand=brand, **fields)
    store_answers(customer, answers)
    return customer


def _set(row: Customer, values: Mapping[str, Any]) -> Deed | None:
    """Sets what differs on a locked customer; the activity that tells of it, None when nothing did."""
    fields, answers = checked_values(values)
    if fields.get("parent") is not None:
        require_above(row, fields["parent"])
    before = {name: getattr(row, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    answered = store_answers(row, answers)
    if not changed and not answered:
        return None
    for name, value in changed.items():
        setattr(row, name, value)
    changes = {name: [_told(name, before[name]), _told(name, value)] for name, value in changed.items()}
    changes |= {PREFIX + entry.key: pair for entry, pair in answered.items()}
    data = {"fields": changed_in_words(Customer, changed, answered), "changes": changes}
    return Deed("customers.updated", row, data=data)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    fields = dict(values)
    for name in ("name", "industry", "address"):
        if name in fields:
            fields[name] = clean_line(fields[name], _field(name).max_length)
    if "note" in fields:
        fields["note"] = clean_text(fields["note"], 10_000)
    if "registration_code" in fields:
        try:
            fields["registration_code"] = normal_registration_code(fields["registration_code"] or "")
        except BadRegistrationCode as error:
            raise BadRegistrationCode(fields={"registration_code": error.message}) from None
    if "name" in fields and not fields["name"]:
        raise Invalid(fields={"name": _("Enter the customer's name")})
    for name, values_of in (("kind", CustomerKind), ("stage", Stage), ("source", Source)):
        if name in fields and fields[name] not in values_of.values:
            raise Invalid(fields={name: _("Choose one of the values")})
    return fields


def checked_values(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The checked columns, and the answers to custom fields by key."""
    answers = custom_values(values)
    return _checked({name: value for name, value in values.items() if not name.startswith(PREFIX)}), answers


def _told(name: str, value: Any) -> Any:
    """A value for the log of what was done, whose readers need not see registration codes in full."""
    if value and name == "registration_code":
        return masked_registration_code(value)
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


def _field(name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", Customer._meta.get_field(name))
