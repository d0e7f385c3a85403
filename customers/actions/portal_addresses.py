"""A contact's own mail addresses and phone numbers. A new one counts once the code that was sent there came back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.jobs.broker import enqueue_on_commit
from crm.messaging.actions import queue_mail

from ..choices import IdentityKind
from ..models import Contact, Identity, PortalCode, PortalSession
from .portal import CODE_VALID, fits, masked

#: What a contact may keep here; chat ids are the platforms' to give.
KINDS = (IdentityKind.EMAIL, IdentityKind.PHONE)


@action()
def ask_to_add_address(*, actor: Actor, kind: str, value: str, language: str, replaces: Identity | None = None) -> str:
    """Stores the wish to add an address in normal form; a worker sends the code there. Returns the key of the wish.

    It does not look whose the address is: the answer is the same for one that somebody else has. replaces: an address
    of theirs of the same kind, which goes once the new one is proved. Raises `NotFound`.
    """
    contact = _own(actor)
    former = _identity(contact, replaces.pk, kind) if replaces is not None else None
    row = PortalCode.objects.create(
        kind=kind, value=value, language=language, expires_at=clock.now() + CODE_VALID, contact=contact,
        replaces=former,
    )  # fmt: skip
    enqueue_on_commit("customers.send_portal_code", row.pk, queue="urgent")
    return row.key


@action()
def confirm_own_address(*, actor: Actor, key: str, code: str) -> Identity | None:
    """The address counts from now on; None when key and code do not fit, or no longer. A failed guess counts.

    What it replaces goes, and whoever signed in with that stays signed in. Their main mail address is told, so that
    nobody adds one behind their back. Raises `NotFound`.
    """
    rows = PortalCode.objects.select_for_update(of=("self",), no_key=True).select_related("replaces")
    row = rows.filter(key=key, contact=actor.id).first()
    if row is None or not fits(row, code, clock.now()):
        return None
    contact = _own(actor)
    known = _main_mail(contact)
    identity = _proved(contact, row)
    if identity is None:
        return None
    former = row.replaces
    if former is not None and former.pk != identity.pk and former.contact_id == contact.pk:
        PortalSession.objects.filter(identity=former).update(identity=identity)
        if former.is_primary:
            _make_main(contact, identity)
        former.delete()
    PortalCode.objects.filter(kind=row.kind, value=row.value, contact=contact).delete()
    _tell(actor, "portal.address_added", contact, identity)
    if known is not None and known.value != identity.value:
        queue_mail(
            actor=actor, template_key="portal.address_added", to_email=known.value, to_name=contact.name,
            language=contact.language or contact.customer.language or row.language, brand=contact.customer.brand,
            values={"contact.name": contact.name, "address": masked(identity.kind, identity.value)},
            dedupe_key=f"portal.address:{row.key}",
        )  # fmt: skip
    return identity


@action()
def remove_own_address(*, actor: Actor, session: PortalSession, pk: int) -> None:
    """Takes an address away; whoever signed in with it elsewhere is signed out. Raises `NotFound`, and `NotReady` for
    the one that this session was opened with.
    """
    contact = _own(actor)
    identity = _identity(contact, pk)
    if identity.pk == session.identity_id:
        raise NotReady(_("You are signed in with this address. Add another one, sign in with that, then remove this."))
    kind, was_main = identity.kind, identity.is_primary
    _tell(actor, "portal.address_removed", contact, identity)
    identity.delete()
    heir = contact.identities.filter(kind=kind).order_by("-verified_at", "pk").first() if was_main else None
    if heir is not None:
        _make_main(contact, heir)


@action()
def choose_main_address(*, actor: Actor, pk: int) -> None:
    """Where we write or call first. Raises `NotFound`, and `NotReady` for one that is not proved."""
    contact = _own(actor)
    identity = _identity(contact, pk)
    if identity.verified_at is None:
        raise NotReady(_("Confirm this address first."))
    if not identity.is_primary:
        _make_main(contact, identity)
        _tell(actor, "portal.address_chosen", contact, identity)


def _proved(contact: Contact, row: PortalCode) -> Identity | None:
    """The contact's address of that value, proved now; None when somebody else got it meanwhile."""
    found: Identity | None = Identity.objects.lock().filter(kind=row.kind, value=row.value).first()
    if found is None:
        is_first = not contact.identities.filter(kind=row.kind, is_primary=True).exists()
        found = Identity(contact=contact, kind=row.kind, value=row.value, is_primary=is_first)
    if found.contact_id != contact.pk:
        return None
    found.verified_at = found.verified_at or clock.now()
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        return None
    return found


def _make_main(contact: Contact, identity: Identity) -> None:
    contact.identities.filter(kind=identity.kind).exclude(pk=identity.pk).update(is_primary=False)
    identity.is_primary = True
    identity.save(update_fields=["is_primary"])


def _main_mail(contact: Contact) -> Identity | None:
    """The proved mail address that knows of changes."""
    mails = contact.identities.filter(kind=IdentityKind.EMAIL, verified_at__isnull=False)
    found: Identity | None = mails.order_by("-is_primary", "pk").first()
    return found


def _own(actor: Actor) -> Contact:
    rows = Contact.objects.visible_to(actor).lock().select_related("customer__brand")
    row: Contact | None = rows.filter(pk=actor.id).first()
    if row is None:
        raise NotFound
    return row


def _identity(contact: Contact, pk: int, *kinds: str) -> Identity:
    row: Identity | None = Identity.objects.filter(contact=contact, pk=pk, kind__in=kinds or KINDS).lock().first()
    if row is None:
        raise NotFound
    return row


def _tell(actor: Actor, type: str, contact: Contact, identity: Identity) -> None:
    record(
        actor=actor, type=type, subject=contact, anchors=[contact.customer],
        data={"name": contact.name, "address": masked(identity.kind, identity.value)},
    )  # fmt: skip
