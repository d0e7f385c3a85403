"""Out of the recycle bin: back to work, or gone for good."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of, record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.files.models import Attachment
from crm.notifications.models import Notification

from ..exceptions import IdentityTaken, InUse
from ..models import Contact, Customer, Identity, Interaction
from ..selectors import deleted_customers, shown_address


@action(permission="customers.delete")
def restore_customer(*, actor: Actor, customer: Customer) -> Customer:
    """Brings a customer back with the people and addresses that went with it.

    Raises `NotFound` when it is not in the bin of the actor, `IdentityTaken` naming who has an address now.
    """
    row = _binned(actor, customer)
    gone_with_it = {"deleted_at": row.deleted_at, "deleted_by_id": row.deleted_by_id}
    back = {"deleted_at": None, "deleted_by_id": None}
    identities = Identity.all_objects.filter(contact__customer=row, **gone_with_it)
    _require_free(actor, list(identities))
    try:
        with transaction.atomic():
            identities.update(**back)
    except IntegrityError as error:  # taken since we looked
        raise IdentityTaken from error
    Contact.all_objects.filter(customer=row, **gone_with_it).update(**back)
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    record(actor=actor, type="customers.restored", subject=row, data={"name": row.name})
    return row


@action(permission="console.erase")
def erase_customer(*, actor: Actor, customer: Customer) -> None:
    """Removes a customer of the bin for good, with people, addresses, consents and files; its history stays.

    Raises `NotFound`, `InUse` while tickets or other records, deleted ones too, belong to it.
    """
    row = _binned(actor, customer)
    people = list(Contact.all_objects.filter(customer=row))
    record(actor=actor, type="customers.erased", subject=row, data={"name": row.name, "number": row.number})
    for owner in (row, *people, *Interaction.objects.filter(customer=row)):
        code = kind_of(owner).code
        Attachment.all_objects.filter(kind=code, object_id=owner.pk).delete()
        Notification.objects.filter(subject_kind=code, object_id=owner.pk).delete()
    try:
        row.delete()
    except models.ProtectedError as error:
        raise InUse from error


def _binned(actor: Actor, customer: Customer) -> Customer:
    row: Customer | None = deleted_customers(actor).lock().filter(pk=customer.pk).first()
    if row is None:
        raise NotFound
    return row


def _require_free(actor: Actor, identities: list[Identity]) -> None:
    """Raises `IdentityTaken` for the first address that a living contact has."""
    values = {(identity.kind, identity.value): identity for identity in identities}
    taken = Identity.objects.filter(value__in=[identity.value for identity in identities])
    for other in taken.select_related("contact__customer").order_by("pk"):
        mine = values.get((other.kind, other.value))
        if mine is not None:
            raise IdentityTaken(_sentence(actor, mine, other.contact))


def _sentence(actor: Actor, identity: Identity, holder: Contact) -> object:
    """Names the holder to those who may see them."""
    address = shown_address(actor, identity)
    if not Contact.objects.visible_to(actor).filter(pk=holder.pk).exists():
        return _("%(address)s belongs to another customer now. Ask a colleague who sees all customers.") % {
            "address": address
        }
    words = {"address": address, "name": holder.name, "number": holder.customer.label}
    return _("%(address)s belongs to %(name)s (%(number)s) now. Change it there, then restore again.") % words
