"""Reads of conversations, of what is on its way out, and of whom a text message reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from crm.core.actor import Actor

from .choices import SmsState
from .models import Conversation, Draft, InboundMail, Message, OutgoingSms, SmsOptOut
from .sms.senders import sender


def messages_of(
    viewer: Actor,
    conversation: Conversation,
    *,
    public_only: bool = False,
    before: int | None = None,
    limit: int = 50,
    further: Collection[int] = (),
) -> list[Message]:
    """The newest messages, oldest first, of a conversation whose record the caller found visible.

    further: ids of conversations that belong to the same record, such as those of merged duplicates.

    before: the id of the first message of the page already shown. Only staff and the system ever get notes.
    """
    rows = Message.objects.filter(conversation__in=[conversation.pk, *further])
    if public_only or not (viewer.is_staff or viewer.is_system):
        rows = rows.public()
    if before is not None and (mark := rows.filter(pk=before).values_list("created_at", "pk").first()):
        rows = rows.filter(Q(created_at__lt=mark[0]) | Q(created_at=mark[0], pk__lt=mark[1]))
    return list(rows.order_by("-created_at", "-pk")[:limit])[::-1]


def drafts_of(viewer: Actor, conversation: Conversation) -> dict[str, Draft]:
    """The viewer's own drafts by kind: "reply", "note"."""
    return {draft.kind: draft for draft in Draft.objects.visible_to(viewer).filter(conversation=conversation)}


def held_mails(viewer: Actor, conversation: Conversation) -> list[InboundMail]:
    """Mail that names the conversation and waits for a decision, oldest first; for those who may decide on it."""
    if not viewer.can("messaging.handle_mail"):
        return []
    return list(InboundMail.objects.visible_to(viewer).waiting().filter(conversation=conversation).order_by("pk")[:5])


def last_message_id(conversation: Conversation) -> str:
    """What a further mail answers: the newest Message-ID that the customer has seen or sent, or ""."""
    rows = Message.objects.filter(conversation=conversation).public().exclude(message_id="")
    return rows.order_by("-created_at", "-pk").values_list("message_id", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class SmsFigures:
    """Text messages since a moment: how many, in how many paid parts, and how many did not arrive."""

    messages: int
    parts: int
    failed: int


def sms_figures(viewer: Actor, since: dt.datetime) -> SmsFigures:
    """What left since then, for those who may see the log. A part is paid once the gateway took it."""
    rows = OutgoingSms.objects.visible_to(viewer).filter(sent_at__gte=since)
    found = rows.aggregate(messages=Count("pk"), parts=Sum("parts"))
    lost = OutgoingSms.objects.visible_to(viewer).filter(state=SmsState.FAILED, updated_at__gte=since)
    return SmsFigures(found["messages"], found["parts"] or 0, lost.count())


def can_text(phone: str) -> bool:
    """Whether a text message may go to this number (E.164): a gateway takes it, and its owner did not say no."""
    return bool(phone) and sender().reaches(phone) and not SmsOptOut.objects.filter(phone=phone).exists()
