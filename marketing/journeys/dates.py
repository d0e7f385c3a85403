"""Dates of customers that a journey may start from, own custom fields of that kind included."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from crm.fields.catalogue import fields_of
from crm.fields.choices import FieldType
from customers.models import Contact, Customer, CustomerFacts, Equipment
from sales.choices.contracts import ContractState
from sales.models import Contract

Text = Any  # str or a lazy translation


@dataclass(frozen=True, slots=True)
class Hit:
    """A record whose date it is. key: of the record and the date, so that one date brings somebody in once."""

    customer_id: int
    contact_id: int | None
    key: str


@dataclass(frozen=True, slots=True)
class DateStart:
    """A date that journeys may start from. find(target, every_year): whose date it is on that day."""

    key: str
    label: Text
    find: Callable[[dt.date, bool], Iterator[Hit]]


def date_starts() -> dict[str, DateStart]:
    """Every date on offer, by key."""
    found = [*_FIXED, *_custom("customer", Customer, "pk", None), *_custom("contact", Contact, "customer_id", "pk")]
    return {entry.key: entry for entry in found}


def same_day(column: str, target: dt.date, every_year: bool) -> Q:
    """Rows whose date is the target; every year, whose month and day are. Who was born on a 29 February has the day
    on the 28th in other years."""
    if not every_year:
        return Q(**{column: target})
    found = Q(**{f"{column}__month": target.month, f"{column}__day": target.day})
    if is_stand_in(target):
        found |= Q(**{f"{column}__month": 2, f"{column}__day": 29})
    return found


def is_stand_in(day: dt.date) -> bool:
    """Whether the day is the 28 February of a year without a 29th."""
    return (day.month, day.day) == (2, 28) and not calendar.isleap(day.year)


def _column(rows: Callable[[], Any], column: str, customer: str) -> Callable[[dt.date, bool], Iterator[Hit]]:
    def find(target: dt.date, every_year: bool) -> Iterator[Hit]:
        found = rows().filter(same_day(column, target, every_year)).order_by("pk")
        for pk, customer_id in found.values_list("pk", customer):
            yield Hit(customer_id, None, f"{target.isoformat()}:{pk}")

    return find


_FIXED = (
    DateStart("customer.created", _("Customer since"),
              _column(lambda: Customer.objects.external(), "created_at__date", "pk")),
    DateStart("customer.last_order", _("Last order"),
              _column(lambda: CustomerFacts.objects.all(), "last_order_at__date", "customer_id")),
    DateStart("customer.next_order", _("Next order expected"),
              _column(lambda: CustomerFacts.objects.all(), "repurchase_due_on", "customer_id")),
    DateStart("contract.ends", _("A contract ends"),
              _column(lambda: Contract.objects.filter(state=ContractState.ACTIVE), "ends", "customer_id")),
    DateStart("equipment.warranty", _("A warranty ends"),
              _column(lambda: Equipment.objects.all(), "warranty_until", "customer_id")),
)  # fmt: skip


def _custom(kind: str, model: Any, customer: str, contact: str | None) -> Iterator[DateStart]:
    """Custom fields that take dates, such as a birthday; their answers are ISO dates."""
    for field in fields_of(kind):
        if field.type == FieldType.DATE and field.is_active:
            yield DateStart(f"{kind}.custom_{field.key}", field.name, _answers(model, field.key, customer, contact))


def _answers(model: Any, key: str, customer: str, contact: str | None) -> Callable[[dt.date, bool], Iterator[Hit]]:
    def find(target: dt.date, every_year: bool) -> Iterator[Hit]:
        rows = model.objects.annotate(answer=KeyTextTransform(key, "custom"))
        found = Q(answer=target.isoformat())
        if every_year:
            found = Q(answer__endswith=target.strftime("-%m-%d"))
            if is_stand_in(target):
                found |= Q(answer__endswith="-02-29")
        for pk, customer_id in rows.filter(found).order_by("pk").values_list("pk", customer):
            yield Hit(customer_id, pk if contact else None, f"{target.isoformat()}:{pk}")

    return find


def labels() -> list[tuple[str, Text]]:
    """What forms offer."""
    return [(entry.key, entry.label) for entry in date_starts().values()]


def keys(values: Collection[str]) -> set[str]:
    """Those of the keys that exist still."""
    return set(values) & set(date_starts())
