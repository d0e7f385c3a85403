"""Who takes incoming mail: apps above declare a handler in their `inbound.py`; a mail belongs to exactly one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Text

from ..models import Conversation, InboundMail, Message


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail ready for a verb: cleaned, within limits, its files staged under `form_key`.

    body: the new words; quoted: what stood below. by_token: the conversation was named by a signed address or
    Message-ID of ours. is_released: a colleague looked at it, so that its sender counts as taking part. calendar: the
    iCalendar object in it, "" for none; automatic: why it counts as a program's, which only its calendar excuses.
    """

    mail: InboundMail
    brand: Brand
    sender_email: str
    sender_name: str
    subject: str
    body: str
    quoted: str
    language: str
    header_id: str
    form_key: str
    uploads: Sequence[str] = ()
    by_token: bool = False
    is_released: bool = False
    calendar: str = ""
    automatic: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail: the message it is now, or the reason (`InboundReason`) why a person must decide."""

    message: Message | None = None
    held_because: str = ""


@dataclass(frozen=True, slots=True)
class InboundHandler:
    """What an app makes of mail. The functions run inside the transaction that settles the mail.

    reply(incoming, conversation): an answer on a conversation of this app; None when it is not this app's.
    open(incoming, settings): a new record. by_subject(incoming): the conversation that a number in the subject
    names, only when the sender takes part in it. find(actor, text): the conversation of a record that the actor
    may see, from what they typed, such as a number. by_calendar(incoming): the conversation of the meeting that an
    answer to an invitation names. settings_fields(): form fields of a mailbox by name.
    name_of(conversation): how staff call its record, such as "#1024"; url_of: its page.
    """

    key: str
    label: Text
    reply: Callable[[Incoming, Conversation], Outcome | None]
    open: Callable[[Incoming, Mapping[str, Any]], Outcome]
    by_subject: Callable[[Incoming], Conversation | None]
    find: Callable[[Actor, str], Conversation | None]
    name_of: Callable[[Conversation], str]
    url_of: Callable[[Conversation], str]
    settings_fields: Callable[[], dict[str, Any]] = field(default=dict)
    by_calendar: Callable[[Incoming], Conversation | None] = lambda incoming: None
    order: int = 50


inbound_handlers: Registry[InboundHandler] = Registry("inbound handlers")
ALL_REGISTRIES.append(inbound_handlers)
