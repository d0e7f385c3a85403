"""Accepting many messages alike for sending, such as a campaign's, and taking back what no server has yet.

Rows are marked `is_bulk`: they leave part of the server's pace to everything else, and a failure is the caller's to
tell, since thousands of them are no thousand deeds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.jobs.broker import enqueue_on_commit

from ..choices import MailState
from ..models import Conversation, OutgoingMail, OutgoingSms
from ..models.outgoing import Outgoing
from ..rendering import Rendered
from ..sms.parts import parts_of
from . import mail as single


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail that its app has rendered. key: one row for one reason, as a dedupe_key; headers: by name."""

    key: str
    to_email: str
    to_name: str
    language: str
    rendered: Rendered
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComposedSms:
    """A text message that its app has written. to_phone: E.164."""

    key: str
    to_phone: str
    language: str
    text: str


@action()
def queue_bulk_mail(
    *,
    actor: Actor,
    brand: Brand,
    mails: Sequence[Composed],
    template: str,
    conversation: Conversation | None = None,
) -> dict[str, OutgoingMail]:
    """Stores the mails, and gives them by key; a key that was stored before gives the mail of that time.

    template: what the mail log calls them. conversation: answers by mail come to it, as with `queue_mail`. Raises
    `Invalid` for an address that is malformed or would break out of its header.
    """
    reply_to = single.answers_to(brand, conversation)
    rows = [
        OutgoingMail(
            message_id=single.new_message_id(brand.sender_email, conversation), brand=brand,
            to_email=single.bare_address(entry.to_email), to_name=clean_line(entry.to_name, 200),
            from_email=brand.sender_email, from_name=single.sender_name(brand, entry.language), reply_to=reply_to,
            subject=entry.rendered.subject, text=entry.rendered.text, html=entry.rendered.html,
            headers=single.headers_of(automatic=False, further=entry.headers), template=template,
            language=entry.language, dedupe_key=entry.key, is_bulk=True,
        )
        for entry in mails
    ]  # fmt: skip
    return _stored(OutgoingMail, rows, "messaging.send_mail")


@action()
def queue_bulk_sms(
    *, actor: Actor, brand: Brand, messages: Sequence[ComposedSms], template: str
) -> dict[str, OutgoingSms]:
    """Stores the text messages, and gives them by key. Whether a number may be texted is the caller's to ask."""
    rows = [
        OutgoingSms(
            brand=brand, to_phone=entry.to_phone, text=entry.text, parts=parts_of(entry.text).count,
            template=template, language=entry.language, dedupe_key=entry.key, is_bulk=True,
        )
        for entry in messages
    ]  # fmt: skip
    return _stored(OutgoingSms, rows, "messaging.send_sms")


@action()
def take_back(*, actor: Actor, model: type[Outgoing], ids: Collection[int]) -> set[int]:
    """Removes those of the rows that no sender has taken yet, and says which; what is under way goes on."""
    waiting = model.objects.filter(pk__in=ids, is_bulk=True, state=MailState.WAITING, attempts=0)
    found = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    free = set(found.values_list("pk", flat=True))
    model.objects.filter(pk__in=free).delete()
    return free


def _stored(model: type[Any], rows: Sequence[Any], task: str) -> dict[str, Any]:
    model.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {row.dedupe_key: row for row in model.objects.filter(dedupe_key__in=[row.dedupe_key for row in rows])}
    for row in stored.values():
        enqueue_on_commit(task, row.pk, queue=row.queue)
    return stored
