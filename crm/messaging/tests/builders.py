"""Conversations and mail, made by calling actions."""

from __future__ import annotations

from typing import Any

from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions import add_message, open_conversation, queue_mail, queue_sms
from crm.messaging.models import Conversation, Message, OutgoingMail, OutgoingSms

SYSTEM = Actor.system("test")
VALUES = {
    "ticket.number": "T-1024",
    "contact.name": "李雷",
    "ticket.link": "https://help.example/t/abc",
    "text": "打印机离线",
}


def conversation(subject: str = "Printer offline") -> Conversation:
    return open_conversation(actor=SYSTEM, brand=Brand.default(), subject=subject, channel="web", language="en")


def message(body: str = "It is offline", direction: str = "inbound", **options: Any) -> Message:
    options.setdefault("conversation", None)
    holder = options.pop("conversation") or conversation()
    return add_message(actor=SYSTEM, conversation=holder, direction=direction, body=body, **options)


def mail(**changes: Any) -> OutgoingMail:
    values: dict[str, Any] = {
        "actor": SYSTEM,
        "template_key": "test.received",
        "to_email": "lilei@example.com",
        "to_name": "李雷",
        "language": "zh-hans",
        "values": VALUES,
        "brand": Brand.default(),
    }
    queued = queue_mail(**{**values, **changes})
    assert queued is not None
    return queued


def sms(**changes: Any) -> OutgoingSms:
    values: dict[str, Any] = {
        "actor": SYSTEM,
        "template_key": "test.received",
        "to_phone": "+8613812345678",
        "language": "zh-hans",
        "values": VALUES,
        "brand": Brand.default(),
    }
    queued = queue_sms(**{**values, **changes})
    assert queued is not None
    return queued
