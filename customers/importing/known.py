"""Which customers the rows of a file mean: one look for each way of recognition and batch, not one for each row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.exchange.declarations import Entry, Line

from ..choices import IdentityKind
from ..models import Customer, Identity
from ..recognising.duplicates import core_of, exact_names

#: Column keys by which a customer is recognised, the surest first.
WAYS = ("number", "registration_code", "email", "phone", "name")


@dataclass(slots=True)
class Recognised:
    """way → normal value → id of the customer; contacts: (kind, value) → id of the person who has that address."""

    ids: dict[str, dict[Any, int]] = field(default_factory=dict)
    contacts: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[int, Customer] = field(default_factory=dict)
    visible: frozenset[int] = frozenset()

    def of(self, line: Line) -> tuple[Customer | None, str]:
        """The customer of a row and the column that says so."""
        for way in WAYS:
            value = line.values.get(way)
            for one in value if isinstance(value, list) else [value]:
                key = core_of(one) if way == "name" and one else one
                if key and (pk := self.ids.get(way, {}).get(key)) is not None:
                    return self.rows.get(pk), way
        return None, ""

    def contact_of(self, line: Line) -> int | None:
        """The person who has one of the row's addresses."""
        for kind, way in ((IdentityKind.EMAIL, "email"), (IdentityKind.PHONE, "phone")):
            for value in line.values.get(way, []):
                if (pk := self.contacts.get((kind, value))) is not None:
                    return pk
        return None


def recognised(actor: Actor, lines: Sequence[Line], *, by_name: bool = True) -> Recognised:
    """The customers that these rows may mean, also those outside the actor's set, which only their owner names."""
    found = Recognised()
    numbers, codes = _values(lines, "number"), _values(lines, "registration_code")
    addresses = _values(lines, "email") | _values(lines, "phone")
    found.ids["number"] = dict(Customer.objects.filter(number__in=numbers).values_list("number", "pk"))
    rows = Customer.objects.filter(registration_code__in=codes)
    found.ids["registration_code"] = dict(rows.values_list("registration_code", "pk"))
    people = Identity.objects.filter(
        kind__in=[IdentityKind.EMAIL, IdentityKind.PHONE], value__in=addresses, contact__deleted_at__isnull=True
    )
    for kind, value, contact, customer in people.values_list("kind", "value", "contact_id", "contact__customer_id"):
        found.contacts[kind, value] = contact
        found.ids.setdefault(kind, {})[value] = customer
    if by_name:
        unknown = [line for line in lines if not any(_hits(found, line, way) for way in WAYS[:-1])]
        found.ids["name"] = exact_names({core_of(name) for name in _values(unknown, "name")})
    ids = {pk for each in found.ids.values() for pk in each.values()}
    found.rows = Customer.objects.select_related("owner").in_bulk(ids)
    found.visible = frozenset(Customer.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return found


def owner_of(customer: Customer) -> str:
    """Whose it is, in words."""
    return customer.owner.name if customer.owner else str(_("nobody"))


def reasons() -> dict[str, str]:
    """Way of recognition → why a row means a customer."""
    return {
        "number": _("same customer number"),
        "registration_code": _("same registration code"),
        "email": _("same email address"),
        "phone": _("same phone number"),
        "name": _("same name"),
    }


def set_customers(actor: Actor, entries: Sequence[Entry]) -> None:
    """Puts the customer that each entry names into `refs["customer"]`, or says why there is none."""
    found = recognised(actor, [entry.line for entry in entries])
    for entry in entries:
        customer, way = found.of(entry.line)
        column = next((way for way in WAYS if way in entry.line.cells), "")
        if customer is None:
            entry.line.wrong[column] = _("No such customer. Import the customers first")
        elif customer.pk not in found.visible:
            entry.line.wrong[way] = _("This customer is owned by %(owner)s. You may not change it") % {
                "owner": owner_of(customer)
            }
        else:
            entry.refs["customer"] = customer


def set_people(entries: Sequence[Entry], column: str = "owner") -> None:
    """Colleagues by name or mail address: their text in `values[column]` becomes the user."""
    texts = {line.values[column] for entry in entries for line in entry.lines if column in line.values}
    texts = {text for text in texts if isinstance(text, str)}
    users = User.objects.active()
    by_mail = {user.email.casefold(): user for user in users.filter(email__in={text.casefold() for text in texts})}
    by_name: dict[str, list[User]] = {}
    for user in users.filter(name__in=texts):
        by_name.setdefault(user.name, []).append(user)
    for line in (line for entry in entries for line in entry.lines if isinstance(line.values.get(column), str)):
        text = line.values[column]
        same = by_name.get(text, [])
        if user := by_mail.get(text.casefold()) or (same[0] if len(same) == 1 else None):
            line.values[column] = user
        else:
            line.wrong[column] = (
                _("Several colleagues have this name. Write the mail address") if same
                else _("No colleague with this name or mail address")
            )  # fmt: skip


def customer_number(cell: str) -> int:
    """C-10482 or 10482. Raises `Invalid`."""
    digits = cell.strip().upper().removeprefix("C-")
    if not digits.isdecimal() or len(digits) > 15:
        raise Invalid(_("Write a customer number, such as C-10482"))
    return int(digits)


def lookup(model: Any, entries: Sequence[Entry], column: str, by: str, problem: Callable[[], str]) -> None:
    """Texts of a column become the records whose `by` they are; unknown ones are wrong."""
    lines = [line for entry in entries for line in entry.lines if isinstance(line.values.get(column), str)]
    found = {
        getattr(row, by): row for row in model.objects.filter(**{f"{by}__in": {line.values[column] for line in lines}})
    }
    for line in lines:
        if (row := found.get(line.values[column])) is not None:
            line.values[column] = row
        else:
            line.wrong[column] = problem()


def _values(lines: Collection[Line], key: str) -> set[Any]:
    found: set[Any] = set()
    for line in lines:
        value = line.values.get(key)
        found |= set(value) if isinstance(value, list) else {value}
    return found - {None, ""}


def _hits(found: Recognised, line: Line, way: str) -> bool:
    value = line.values.get(way)
    return any(one in found.ids.get(way, {}) for one in (value if isinstance(value, list) else [value]))
