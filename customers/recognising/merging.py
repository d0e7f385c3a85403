"""What can be chosen when customers or contacts become one, and who is the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from crm.core import names
from crm.core.actor import Actor
from crm.fields.display import shown
from crm.fields.forms import PREFIX
from crm.fields.records import editable

from ..choices import CustomerKind
from ..models import Contact, Customer
from .registration import masked_registration_code

#: As many customers or contacts may become one at once.
MOST = 5
CUSTOMER_FIELDS = (
    "name", "kind", "registration_code", "parent", "stage", "source", "owner", "department", "industry", "website",
    "address", "language", "timezone", "note",
)  # fmt: skip
CONTACT_FIELDS = ("name", "job_title", "role", "preferred_channel", "language", "timezone")


@dataclass(frozen=True, slots=True)
class Choice:
    """One record's value of a field. value: as the action takes it; text: as people read it, "" for nothing."""

    record_id: int
    value: Any
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field in which the records differ or agree. name: of the form's input."""

    name: str
    label: Any
    choices: list[Choice]

    @property
    def differs(self) -> bool:
        return len({choice.text for choice in self.choices}) > 1

    def value_of(self, record_id: int) -> Any:
        """What that record says. Raises `KeyError` for a record that is not among them."""
        return {choice.record_id: choice.value for choice in self.choices}[record_id]


def field_choices(viewer: Actor, records: Sequence[Any]) -> list[FieldChoice]:
    """Every field of the records side by side, the survivor first; its value is preselected unless it is empty."""
    is_customer = isinstance(records[0], Customer)
    found = []
    for name in CUSTOMER_FIELDS if is_customer else CONTACT_FIELDS:
        label = records[0]._meta.get_field(name).verbose_name
        pairs = [(row, getattr(row, name), _text(viewer, row, name)) for row in records]
        found.append(_choice(name, str(label).capitalize(), pairs))
    for entry in editable("customer" if is_customer else "contact"):
        if not entry.is_staff_only or viewer.is_staff:
            answers = [(row, row.custom.get(entry.key)) for row in records]
            pairs = [(row, value, "" if value is None else str(shown(entry, value))) for row, value in answers]
            found.append(_choice(PREFIX + entry.key, entry.name, pairs))
    return found


def same_people(survivor: Customer, others: Sequence[Customer]) -> list[tuple[Contact, Contact]]:
    """(old, staying) contacts that are one person once the customers are one.

    A private customer is one person. At a company, people are the same by their name, or by mail addresses that differ
    in a tag ("ann+shop@…") alone. Colleagues of ours are never among them.
    """
    staying = list(_people(survivor))
    pairs = []
    for customer in others:
        for person in _people(customer):
            one = survivor.kind == customer.kind == CustomerKind.PERSON
            match = staying[0] if one and staying else next((row for row in staying if _same(row, person)), None)
            if match is None:
                staying.append(person)
            else:
                pairs.append((person, match))
    return pairs


def _people(customer: Customer) -> Any:
    rows = Contact.objects.filter(customer=customer, user__isnull=True).prefetch_related("identities")
    return rows.order_by("-is_primary", "pk")


def _same(one: Contact, other: Contact) -> bool:
    return names.fold(one.name) == names.fold(other.name) or bool(_mails(one) & _mails(other))


def _mails(person: Contact) -> set[str]:
    found = set()
    for identity in person.identities.all():
        if identity.kind == "email":
            local, _at, host = identity.value.partition("@")
            found.add(f"{local.partition('+')[0]}@{host}")
    return found


def _choice(name: str, label: Any, pairs: list[tuple[Any, Any, str]]) -> FieldChoice:
    chosen = next((row.pk for row, _value, text in pairs if text), pairs[0][0].pk)
    return FieldChoice(name, label, [Choice(row.pk, value, text, row.pk == chosen) for row, value, text in pairs])


def _text(viewer: Actor, row: Any, name: str) -> str:
    if name == "registration_code" and not viewer.can("customers.reveal"):
        return masked_registration_code(row.registration_code)
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if name == "language":
        value = dict(settings.LANGUAGES).get(value, value)
    return "" if value is None else str(value)
