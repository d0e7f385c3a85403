"""Storing what is said and what is being written. The record that holds the conversation tells of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.text import clean_line, clean_text

from ..choices import Channel, Direction, DraftKind
from ..language import guess_language
from ..models import Conversation, Draft, Message
from ..models.conversations import BODY_LIMIT, SUBJECT_LIMIT


@action()
def open_conversation(*, actor: Actor, brand: Brand, subject: str, channel: str, language: str) -> Conversation:
    """Starts a conversation for a record that is just being made, whose activity tells of it.

    Raises `Invalid` when the subject is empty once cleaned.
    """
    line = clean_line(subject, SUBJECT_LIMIT)
    if not line:
        raise Invalid(fields={"subject": _("Enter a subject")})
    return Conversation.objects.create(brand=brand, subject=line, channel=Channel(channel), language=language)


@action()
def add_message(
    *,
    actor: Actor,
    conversation: Conversation,
    direction: str,
    body: str,
    language: str = "",
    author_email: str = "",
    quoted: str | None = None,
    message_id: str = "",
    created_at: dt.datetime | None = None,
) -> Message:
    """Stores a message or an internal note as plain text; the caller's verb tells of it.

    language: guessed from the text when not given. quoted: what a mail carried below the new words.
    message_id: a mail's, unless another message has it already. Raises `Invalid` for an empty text and for one of
    more than 50,000 characters, which is never cut in silence.
    """
    text = clean_text(body)
    if not text:
        raise Invalid(fields={"body": _("Enter a message")})
    if len(text) > BODY_LIMIT:
        raise Invalid(
            fields={"body": _("The message must be %(limit)s characters or less") % {"limit": f"{BODY_LIMIT:,}"}}
        )
    author = actor.person
    return Message.objects.create(
        conversation=conversation,
        direction=Direction(direction),
        author_kind=author.kind,
        author_id=author.id,
        author_label=author.label[:200],
        author_email=clean_line(author_email, 254),
        body=text,
        quoted=None if quoted is None else clean_text(quoted, BODY_LIMIT),
        language=language or guess_language(text),
        message_id=_unused(message_id),
        created_at=created_at or clock.now(),
    )


def _unused(message_id: str) -> str:
    """A Message-ID that no message has; strangers' mail repeats them."""
    taken = message_id and Message.objects.filter(message_id=message_id).exists()
    return "" if taken or len(message_id) > 255 else message_id


@action()
def save_draft(
    *, actor: Actor, conversation: Conversation, kind: str, body: str, data: dict[str, Any] | None = None
) -> Draft:
    """Keeps what a member of staff is writing, one reply and one note a conversation. Not recorded.

    Raises `Invalid` past 50,000 characters and `NotFound` when the actor is no member of staff.
    """
    if actor.user_id is None:
        raise NotFound
    text = clean_text(body)
    if len(text) > BODY_LIMIT:
        raise Invalid(
            fields={"body": _("The message must be %(limit)s characters or less") % {"limit": f"{BODY_LIMIT:,}"}}
        )
    draft, _created = Draft.objects.update_or_create(
        user_id=actor.user_id,
        conversation=conversation,
        kind=DraftKind(kind),
        defaults={"body": text, "data": {"v": 1, **(data or {})}},
    )
    return draft


@action()
def discard_draft(*, actor: Actor, conversation: Conversation, kind: str) -> None:
    """Forgets the actor's draft; none is fine too."""
    Draft.objects.visible_to(actor).filter(conversation=conversation, kind=DraftKind(kind)).delete()
