"""What a contact changes about themselves in the portal."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..choices import ConsentChannel, IdentityKind
from ..models import Contact
from ..selectors import consents_of
from .people import record_consent

#: What a contact says about being advertised to in the portal; answers to requests are no advertising.
ASKED = tuple(channel for channel in ConsentChannel if channel != ConsentChannel.SERVICE)
#: Of the texts beside the switches; it grows with each new wording.
TEXT_VERSION = 1


@action()
def update_own_profile(
    *, actor: Actor, name: str, language: str, timezone: str, preferred_channel: str = ""
) -> Contact:
    """A contact says how they are called, spoken to and reached. Nothing is written when nothing differs.

    language and timezone: a code and an IANA name, checked by the form. Raises `Invalid`, `NotFound`.
    """
    row = _own(actor)
    said = {
        "name": clean_line(name, 200), "language": language, "timezone": timezone,
        "preferred_channel": preferred_channel,
    }  # fmt: skip
    if not said["name"]:
        raise Invalid(fields={"name": _("Enter your name")})
    if preferred_channel and preferred_channel not in IdentityKind.values:
        raise Invalid
    before = {field: getattr(row, field) for field in said}
    changes = {field: [before[field], value] for field, value in said.items() if before[field] != value}
    if not changes:
        return row
    for field, value in said.items():
        setattr(row, field, value)
    row.save()
    record(
        actor=actor, type="portal.profile_updated", subject=row, anchors=[row.customer],
        data={"name": row.name, "changes": changes},
    )  # fmt: skip
    return row


@action()
def say_consents(*, actor: Actor, granted: Mapping[str, bool], texts: Mapping[str, str], language: str) -> None:
    """A contact says by which ways they may be advertised to; what did not change makes no row.

    granted, texts: channel → their word, and the very text beside the switch in that language. Raises `NotFound`.
    """
    row = _own(actor)
    before = consents_of(row)
    changed = {channel: value for channel, value in granted.items() if bool(before[channel]) != value}
    for channel, value in changed.items():
        record_consent(
            actor=actor, contact=row, channel=ConsentChannel(channel), granted=value, text=texts[channel],
            version=TEXT_VERSION, language=language,
        )  # fmt: skip
    if changed:
        record(
            actor=actor, type="customers.consent_changed", subject=row.customer, anchors=[row],
            data={"name": row.name, "granted": changed, "text": "\n".join(texts[channel] for channel in changed)},
        )  # fmt: skip


def _own(actor: Actor) -> Contact:
    row: Contact | None = Contact.objects.visible_to(actor).lock().filter(pk=actor.id).first()
    if row is None:
        raise NotFound
    return row
