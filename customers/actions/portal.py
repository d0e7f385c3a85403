"""Verbs of the portal: a code by mail or text message, signing in and out, and how far a contact sees."""

from __future__ import annotations

import datetime as dt
import secrets

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.tokens import new_token
from crm.core.translated import in_all_languages
from crm.jobs.broker import enqueue_on_commit
from crm.messaging.actions import queue_mail, queue_sms

from ..choices import IdentityKind, PortalReach
from ..models import Contact, Identity, PortalAccess, PortalCode, PortalSession, PortalSettings
from ..portals.visits import hash_code, hash_token, identity_at, is_code, settings_of
from ..recognising.identities import masked_email, masked_phone
from .people import verify_identity

CODE_VALID = dt.timedelta(minutes=10)
#: Wrong guesses before a code is worth nothing: five in a million.
MAX_ATTEMPTS = 5
#: A visit is noted at most so often.
SEEN_EVERY = dt.timedelta(minutes=15)
MAX_SESSION_DAYS = 365


@action()
def ask_for_code(*, actor: Actor, kind: str, value: str, language: str) -> str:
    """Stores the wish to sign in with an address in normal form, known or not; the key that goes with the code."""
    row = PortalCode.objects.create(kind=kind, value=value, language=language, expires_at=clock.now() + CODE_VALID)
    enqueue_on_commit("customers.send_portal_code", row.pk, queue="urgent")
    return row.key


@action()
def send_code(*, actor: Actor, code_id: int) -> None:
    """Makes the code and sends it: to sign in, when the address is that of a person who may; to add an address, when
    nobody else has it, who else is told. Otherwise does nothing.

    In the person's language, else their customer's, else that of the page they were on. Sending twice does nothing.
    """
    rows = PortalCode.objects.select_for_update(skip_locked=True, no_key=True)
    row = rows.filter(pk=code_id, looked_at__isnull=True).first()
    if row is None:
        return
    row.looked_at = clock.now()
    identity = identity_at(row.kind, row.value)
    contact = row.contact if row.contact_id else identity.contact if identity is not None else None
    if contact is not None and settings_of(contact.customer.brand).is_on:
        owner = Identity.objects.filter(kind=row.kind, value=row.value).exclude(contact=contact).first()
        if owner is None:
            code = f"{secrets.randbelow(1_000_000):06d}"
            row.code_hash = hash_code(row.key, code)
            minutes = str(CODE_VALID.seconds // 60)
            key = "portal.address_code" if row.contact_id else "portal.code"
            _deliver(actor, row, contact, key, {"contact.name": contact.name, "code": code, "minutes": minutes})
        else:
            _deliver(actor, row, owner.contact, "portal.address_known", {"contact.name": owner.contact.name})
    row.save(update_fields=["looked_at", "code_hash"])


@action()
def sign_in(*, actor: Actor, key: str, code: str, former: str = "") -> tuple[PortalSession, str] | None:
    """The session of whoever read the code, and its cookie; None when key and code do not fit, or no longer.

    A failed guess counts: it is stored, so nothing is raised. The code works once, and no other of that address after
    it. former: the cookie of the browser until now, whose session ends.
    """
    now = clock.now()
    row = PortalCode.objects.select_for_update(no_key=True).filter(key=key, contact__isnull=True).first()
    if row is None or not fits(row, code, now):
        return None
    identity = identity_at(row.kind, row.value)
    PortalCode.objects.filter(kind=row.kind, value=row.value, contact__isnull=True).delete()
    if identity is None:
        return None
    contact = Contact.objects.lock().select_related("customer__brand").get(pk=identity.contact_id)
    person = Actor.contact(contact.pk, contact.name)
    verify_identity(actor=person, identity=identity)
    PortalSession.objects.filter(token_hash=hash_token(former)).delete()
    token = new_token()
    days = settings_of(contact.customer.brand).session_days
    session = PortalSession.objects.create(
        contact=contact, identity=identity, token_hash=hash_token(token), last_seen_at=now,
        expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    PortalAccess.objects.update_or_create(contact=contact, defaults={"last_visit_at": now})
    record(
        actor=person, type="portal.signed_in", subject=contact, anchors=[contact.customer],
        data={"name": contact.name, "address": masked(identity.kind, identity.value)},
    )  # fmt: skip
    return session, token


@action()
def note_visit(*, actor: Actor, session: PortalSession) -> None:
    """Keeps when the contact was last there, at most every quarter of an hour."""
    now = clock.now()
    if now - session.last_seen_at < SEEN_EVERY:
        return
    PortalSession.objects.filter(pk=session.pk).update(last_seen_at=now)
    PortalAccess.objects.update_or_create(contact_id=session.contact_id, defaults={"last_visit_at": now})


@action()
def sign_out(*, actor: Actor, session: PortalSession) -> None:
    """Ends this session. Doing it again changes nothing."""
    PortalSession.objects.filter(pk=session.pk, contact=actor.id).delete()


@action()
def sign_out_everywhere(*, actor: Actor, session: PortalSession) -> int:
    """Ends every session of the contact, this one too. Returns how many there were."""
    count, _by_model = PortalSession.objects.filter(contact=actor.id).delete()
    contact = session.contact
    record(
        actor=actor, type="portal.signed_out", subject=contact, anchors=[contact.customer],
        data={"name": contact.name, "count": count},
    )  # fmt: skip
    return count


@action(permission="customers.update")
def set_portal_access(*, actor: Actor, contact: Contact, reach: str) -> PortalAccess:
    """Staff say how far a contact sees; "off" signs them out at once. Raises `Invalid`, `NotFound`."""
    if reach not in PortalReach.values:
        raise Invalid
    row = Contact.objects.visible_to(actor).lock().filter(pk=contact.pk).first()
    if row is None:
        raise NotFound
    access, _created = PortalAccess.objects.get_or_create(contact=row)
    if access.reach == reach:
        return access
    access.reach = reach
    access.save(update_fields=["reach"])
    if reach == PortalReach.OFF:
        PortalSession.objects.filter(contact=row).delete()
    record(
        actor=actor, type="portal.access_set", subject=row, anchors=[row.customer],
        data={"name": row.name, "reach": in_all_languages(PortalReach(reach).label)},
    )  # fmt: skip
    return access


@action(permission="customers.portal")
def save_portal_settings(*, actor: Actor, brand: Brand, is_on: bool, session_days: int) -> PortalSettings:
    """Switches the portal on or off and says how long a session lasts. Raises `Invalid`."""
    if not 1 <= session_days <= MAX_SESSION_DAYS:
        raise Invalid
    row, _created = PortalSettings.objects.get_or_create(brand=brand)
    row.is_on, row.session_days = is_on, session_days
    row.save()
    record(actor=actor, type="portal.settings_saved", subject=brand, data={})
    return row


def send_codes(limit: int = 50) -> int:
    """Looks at every wish that waits. Returns how many there were."""
    rows = PortalCode.objects.filter(looked_at__isnull=True).order_by("pk")
    waiting = list(rows.values_list("pk", flat=True)[:limit])
    for code_id in waiting:
        send_code(actor=Actor.system(), code_id=code_id)
    return len(waiting)


def forget_expired() -> int:
    """Codes and sessions whose time is over. Returns how many."""
    now = clock.database_now()
    codes, _models = PortalCode.objects.filter(expires_at__lt=now).delete()
    sessions, _models = PortalSession.objects.filter(expires_at__lt=now).delete()
    return codes + sessions


def fits(row: PortalCode, code: str, now: dt.datetime) -> bool:
    """Whether the code is right; counts the guess, and tells of a code that was guessed at too often."""
    if row.attempts >= MAX_ATTEMPTS or row.expires_at <= now:
        return False
    is_right = is_code(row.code_hash, row.key, code)
    row.attempts += 1
    row.save(update_fields=["attempts"])
    identity = identity_at(row.kind, row.value) if row.attempts == MAX_ATTEMPTS and not is_right else None
    contact = row.contact if row.contact_id else identity.contact if identity is not None else None
    if contact is not None and row.attempts == MAX_ATTEMPTS and not is_right:
        record(
            actor=Actor.guest(), type="portal.code_refused", subject=contact, anchors=[contact.customer],
            data={"name": contact.name, "address": masked(row.kind, row.value)},
        )  # fmt: skip
    return is_right


def masked(kind: str, value: str) -> str:
    """An address as timelines show it."""
    return (masked_email if kind == IdentityKind.EMAIL else masked_phone)(value)


def _deliver(actor: Actor, row: PortalCode, contact: Contact, template: str, values: dict[str, str]) -> None:
    language = contact.language or contact.customer.language or row.language
    brand, key = contact.customer.brand, f"portal.code:{row.key}"
    if row.kind == IdentityKind.EMAIL:
        queue_mail(
            actor=actor, template_key=template, to_email=row.value, to_name=contact.name, language=language,
            values=values, brand=brand, dedupe_key=key,
        )  # fmt: skip
    else:
        queue_sms(
            actor=actor, template_key=template, to_phone=row.value, language=language, values=values, brand=brand,
            dedupe_key=key,
        )  # fmt: skip
