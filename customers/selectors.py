"""Reads about customers."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.planner.models import Task

from .choices import ConsentChannel, IdentityKind
from .models import Concern, Consent, Contact, Customer, CustomerFacts, Equipment, Identity, Merge, Order, Product
from .querysets import CustomerQuerySet, EquipmentQuerySet, OrderQuerySet, ProductQuerySet
from .recognising.identities import masked_chat, masked_email, masked_phone, masked_place, shown_phone


def customer_by_number(viewer: Actor, number: int) -> Customer:
    """The customer with that number. Raises `NotFound` when it is missing or out of scope."""
    return Customer.objects.select_related("owner", "department").fetch(viewer, number=number)


def deleted_customers(viewer: Actor) -> CustomerQuerySet:
    """What of the recycle bin is in the viewer's set; merged customers are part of another and not in it."""
    return CustomerQuerySet(Customer).filter(deleted_at__isnull=False, merged_into__isnull=True).visible_to(viewer)


def deleted_trade(viewer: Actor, model: type[Product | Order | Equipment]) -> Any:
    """What products, orders or devices of the recycle bin are in the viewer's set."""
    queryset = {Product: ProductQuerySet, Order: OrderQuerySet, Equipment: EquipmentQuerySet}[model]
    return queryset(model).filter(deleted_at__isnull=False).visible_to(viewer)  # type: ignore[attr-defined]


def contacts_of(viewer: Actor, customer: Customer) -> list[Contact]:
    """The customer's people, main contact first, with their addresses prefetched."""
    people = Contact.objects.visible_to(viewer).filter(customer=customer).prefetch_related("identities")
    return list(people.order_by("-is_primary", "sort_key")[:100])


def email_of(contact: Contact) -> Identity | None:
    """The contact's main mail address."""
    return _main(contact, IdentityKind.EMAIL)


def phone_of(contact: Contact) -> Identity | None:
    """The contact's main phone number."""
    return _main(contact, IdentityKind.PHONE)


def shown_address(viewer: Actor, identity: Identity) -> str:
    """The address in full for those who may, masked for everybody else."""
    if viewer.can("customers.reveal"):
        return shown_phone(identity.value) if identity.kind == IdentityKind.PHONE else identity.value
    return masked_address(identity)


def shown_number(viewer: Actor, phone: str) -> str:
    """A phone number of a place or a billing title, as somebody typed it; masked as `shown_address` does."""
    return phone if not phone or viewer.can("customers.reveal") else masked_phone(phone)


def shown_place(viewer: Actor, place: str) -> str:
    """Where something is sent, as somebody typed it, with name and number; masked as `shown_address` does."""
    return place if viewer.can("customers.reveal") else masked_place(place)


def shown_account(viewer: Actor, account: str) -> str:
    """A bank account; its last four signs alone for those who may not see addresses in full."""
    return account if viewer.can("customers.reveal") or len(account) < 5 else f"**** {account[-4:]}"


def masked_address(identity: Identity) -> str:
    """Enough to recognise it, too little to use it."""
    mask = {IdentityKind.PHONE: masked_phone, IdentityKind.EMAIL: masked_email}.get(IdentityKind(identity.kind))
    return mask(identity.value) if mask else masked_chat(identity.value)


def consents_of(contact: Contact) -> dict[str, bool | None]:
    """Channel → what the person said last; None where nobody asked."""
    return said_by(contact.pk)


def said_by(contact_id: int) -> dict[str, bool | None]:
    """The same, of the contact with that id."""
    latest = Consent.objects.filter(contact=contact_id).order_by("channel", "-pk").distinct("channel")
    said = dict(latest.values_list("channel", "granted"))
    return {channel: said.get(channel) for channel in ConsentChannel.values}


def next_task(viewer: Actor, customer: Customer) -> Task | None:
    """The open task about the customer that is due first, one without a deadline last."""
    rows = Task.objects.visible_to(viewer).on(customer).open()
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk").first()


def figures_of(customer: Customer) -> CustomerFacts | None:
    """What the customer's own orders say; None before the first order. Kept on the row, so that a page asks once."""
    try:
        return customer.facts
    except CustomerFacts.DoesNotExist:
        return None


def merges_of(viewer: Actor, record: Customer | Contact) -> list[tuple[Merge, str]]:
    """What was merged into the record and can be taken apart again, newest first, for those who may; with names."""
    if not viewer.can("customers.merge"):
        return []
    model: Any = type(record)
    rows = list(Merge.objects.of(kind_of(record).key, record.pk).select_related("made_by")[:10])
    names = dict(
        model.all_objects.filter(pk__in=[pk for row in rows for pk in row.other_ids]).values_list("pk", "name")
    )
    return [(row, ", ".join(names.get(pk, "--") for pk in row.other_ids)) for row in rows]


def concern_of(subject: Model) -> Concern | None:
    """What the record is about, with order, product and device."""
    rows = Concern.objects.select_related("order", "shipment", "product", "equipment")
    return rows.filter(kind=kind_of(subject).code, object_id=subject.pk).first()


def _main(contact: Contact, kind: IdentityKind) -> Identity | None:
    identities = [identity for identity in contact.identities.all() if identity.kind == kind]
    return min(identities, key=lambda identity: (not identity.is_primary, identity.pk), default=None)
