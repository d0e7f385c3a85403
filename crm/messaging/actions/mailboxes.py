"""Verbs about mailboxes."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.history import audited
from crm.core.secrets import encrypt
from crm.core.text import clean_line

from ..choices import Security
from ..models import Mailbox

_FIELDS = (
    "brand", "name", "address", "has_reply_addresses", "handler", "handler_settings", "host", "port", "security",
    "verify_certificate", "username", "folder", "deletes", "is_active",
)  # fmt: skip
#: Where the mail lies: when one of these changes, fetching begins anew.
_PLACE = frozenset({"host", "port", "username", "folder"})


@action(permission="messaging.manage_mailboxes")
def create_mailbox(*, actor: Actor, values: dict[str, Any]) -> Mailbox:
    """values: fields of the mailbox, and `password` in clear, which is stored encrypted. Raises `Invalid`."""
    return _write(actor, Mailbox(), values, "messaging.mailbox_created")


@action(permission="messaging.manage_mailboxes")
def update_mailbox(*, actor: Actor, record: Mailbox, values: dict[str, Any]) -> Mailbox:
    """Changes the fields given; without `password` the stored one stays. Raises `Invalid`."""
    row = Mailbox.objects.visible_to(actor).lock().get(pk=record.pk)
    if any(name in values and values[name] != getattr(row, name) for name in _PLACE):
        row.uid_validity, row.last_uid = None, 0
    return _write(actor, row, values, "messaging.mailbox_updated")


@action()
def note_fetch(*, actor: Actor, mailbox_id: int, uid_validity: int, last_uid: int) -> None:
    """How far the folder has been fetched."""
    Mailbox.objects.filter(pk=mailbox_id).update(
        uid_validity=uid_validity, last_uid=last_uid, last_fetch_at=clock.now(), last_error=""
    )


@action()
def note_fetch_error(*, actor: Actor, mailbox_id: int, error: str) -> None:
    """Why the last fetch failed, for the mailbox's page."""
    Mailbox.objects.filter(pk=mailbox_id).update(last_fetch_at=clock.now(), last_error=error[:500])


def _write(actor: Actor, row: Mailbox, values: dict[str, Any], activity: str) -> Mailbox:
    for name in _FIELDS:
        if name in values:
            setattr(row, name, values[name])
    row.address, row.host = row.address.strip().lower(), clean_line(row.host, 200)
    _check(row)
    if values.get("password"):
        row.secret = encrypt(values["password"])
    with audited(actor) as context:
        row.save()
    data = {"name": row.name, "changed": sorted(set(values) & set(_FIELDS))}
    record_activity(actor=actor, type=activity, subject=row, data={**data, "context": str(context.id)})
    return row


def _check(row: Mailbox) -> None:
    taken = Mailbox.objects.filter(address=row.address).exclude(pk=row.pk)
    if taken.exists():
        raise Invalid(fields={"address": _("Another mailbox has this address.")})
    if row.host and row.security == Security.PLAIN and not _is_here(row.host):
        raise Invalid(
            fields={"security": _("Passwords and mail would cross the network unprotected. Choose TLS or STARTTLS.")}
        )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
