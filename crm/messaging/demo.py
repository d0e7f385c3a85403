"""The demo company's mailbox, fed by `manage.py receivemail`, so that answers by mail can be tried at once; and a log
of text messages as it looks after a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.core.demo import DemoContext
from crm.core.models import Brand
from crm.core.sockets import DemoStep, demo

from .choices import InboundReason, InboundState, OptOutSource, SmsState
from .inbound.raw import receive
from .models import InboundMail, Mailbox, OutgoingSms, SmsOptOut
from .sms.parts import parts_of


def make_mailbox(_context: Any) -> None:
    """A mailbox at the brand's sender address, unless one exists."""
    brand = Brand.default()
    if not Mailbox.objects.exists():
        Mailbox.objects.create(brand=brand, name="Support", address=brand.sender_email.lower())


#: Number, state, hours ago, error, words.
_TEXTS = (
    ("+8613800138001", SmsState.DELIVERED, 30, "", "【{brand}】已收到您的请求，查看进度：{link}"),
    ("+8613800138001", SmsState.DELIVERED, 28, "", "【{brand}】号码已重新绑定，请再试一次。回复：{link}"),
    (
        "+8613800138002",
        SmsState.FAILED,
        9,
        "undelivered 30003 Unreachable",
        "【{brand}】已收到您的请求，查看进度：{link}",
    ),
    ("+442079460018", SmsState.SENT, 2, "", "{brand}: we received your request. Follow it here: {link}"),
)


def make_texts(context: DemoContext) -> None:
    """Text messages of the last two days, none of them waiting, and a number that wants none."""
    brand = Brand.default()
    for phone, state, hours, error, words in _TEXTS:
        at = context.now - dt.timedelta(hours=hours)
        language = "zh-hans" if phone.startswith("+86") else "en"
        text = words.format(brand=brand.name.in_language(language), link=f"{brand.base_url}/help/")
        OutgoingSms.objects.create(
            brand=brand, to_phone=phone, text=text, parts=parts_of(text).count, state=state, error=error, attempts=1,
            language=language, created_at=at, sent_at=at,
            delivered_at=at if state == SmsState.DELIVERED else None,
        )  # fmt: skip
    SmsOptOut.objects.create(phone="+8613800138003", source=OptOutSource.CUSTOMER)


_HELD = b"""From: Qian Wen <qian.wen@partner.example>
To: support@yunfan.example
Subject: Re: Your delivery
Message-ID: <demo-held@partner.example>
Content-Type: text/plain; charset=utf-8

I answer for my colleague: please send it to our second warehouse.
"""


def make_held_mail(context: DemoContext) -> None:
    """A mail of somebody who does not take part in the conversation; it waits for a person."""
    mail = receive(_HELD, mailbox=Mailbox.objects.order_by("pk").first())
    InboundMail.objects.filter(pk=mail.pk).update(
        state=InboundState.HELD, reason=InboundReason.STRANGER, sender_email="qian.wen@partner.example",
        sender_name="Qian Wen", subject="Re: Your delivery", header_id="demo-held@partner.example",
        received_at=context.now - dt.timedelta(hours=6), handled_at=context.now - dt.timedelta(hours=6),
    )  # fmt: skip


demo.register(
    DemoStep("messaging.mailbox", "Support mailbox", make_mailbox, order=25),
    DemoStep("messaging.texts", "Text messages", make_texts, order=26),
    DemoStep("messaging.held", "A mail that waits", make_held_mail, order=27),
)
