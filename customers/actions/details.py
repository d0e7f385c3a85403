"""Verbs on what belongs to a customer: places, billing titles, collaborators."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.core.translated import in_all_languages

from ..models import Address, BillingTitle, Collaborator, Customer
from .customers import locked

Detail = Address | BillingTitle
MAX_COLLABORATORS = 20


@action(permission="customers.update")
def save_address(
    *, actor: Actor, customer: Customer, values: Mapping[str, Any], record: Address | None = None
) -> Address:
    """Adds or changes a place of a customer. The first of its kind is the main one. Raises `Invalid`, `NotFound`."""
    row = _own(locked(actor, customer), record) or Address(customer=customer)
    _fill(row, values)
    siblings = Address.objects.filter(customer_id=row.customer_id, kind=row.kind).exclude(pk=row.pk)
    _store(actor, row, siblings)
    return row


@action(permission="customers.update")
def save_billing_title(
    *, actor: Actor, customer: Customer, values: Mapping[str, Any], record: BillingTitle | None = None
) -> BillingTitle:
    """Adds or changes to whom invoices are made out. The first is the main one. Raises `Invalid`, `NotFound`."""
    row = _own(locked(actor, customer), record) or BillingTitle(customer=customer)
    _fill(row, values)
    _store(actor, row, BillingTitle.objects.filter(customer_id=row.customer_id).exclude(pk=row.pk))
    return row


@action(permission="customers.update")
def remove_detail(*, actor: Actor, customer: Customer, record: Detail) -> None:
    """Takes a place or billing title away. Doing it again changes nothing."""
    row = locked(actor, customer)
    found = type(record)._default_manager.filter(pk=record.pk, customer=row).first()
    if found is None:
        return
    found.delete()
    _tell(actor, "customers.detail_removed", row, found)


@action(permission="customers.update")
def set_collaborators(*, actor: Actor, customer: Customer, users: Collection[User]) -> None:
    """Says who works with the customer beside its owner: they see it whatever their department. Raises `Invalid`."""
    row = locked(actor, customer)
    wanted = {user.pk: user for user in users if user.is_active and user.pk != row.owner_id}
    if len(wanted) > MAX_COLLABORATORS:
        raise Invalid(fields={"users": _("Choose at most %(count)s people") % {"count": MAX_COLLABORATORS}})
    present = set(row.collaborators.values_list("user_id", flat=True))
    if present == set(wanted):
        return
    row.collaborators.exclude(user__in=wanted).delete()
    Collaborator.objects.bulk_create(Collaborator(customer=row, user_id=pk) for pk in sorted(set(wanted) - present))
    names = ", ".join(sorted(user.name for user in wanted.values())) or "--"
    record_activity(actor=actor, type="customers.collaborators_set", subject=row, data={"names": names})


def _own(customer: Customer, record: Any) -> Any:
    """The detail, fresh, when it belongs to the customer; None for a new one. Raises `NotFound`."""
    if record is None:
        return None
    found = type(record)._default_manager.lock().filter(pk=record.pk, customer=customer).first()
    if found is None:
        raise NotFound
    return found


def _fill(row: Detail, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, clean_line(value) if isinstance(value, str) else value)


def _store(actor: Actor, row: Detail, siblings: Any) -> None:
    """Checks and saves; exactly one of its siblings is the main one. Raises `Invalid`."""
    if not row.is_main and not siblings.filter(is_main=True).exists():
        row.is_main = True
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    if row.is_main:
        siblings.update(is_main=False)
    row.save()
    _tell(actor, "customers.detail_saved", row.customer, row)


def _tell(actor: Actor, type_: str, customer: Customer, row: Detail) -> None:
    what = in_all_languages(row._meta.verbose_name)
    record_activity(actor=actor, type=type_, subject=customer, data={"what": what, "name": str(row)})
