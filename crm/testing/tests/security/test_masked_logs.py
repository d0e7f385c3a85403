"""What was done is read by many, told to webhooks and kept for good: it holds no address in full."""

from __future__ import annotations

import json

import pytest

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.clock import database_now
from crm.core.models import Brand
from crm.core.sockets import activity_types
from crm.core.text import without_addresses
from crm.messaging.actions.sending import note_bounce
from crm.messaging.models import OutgoingMail
from customers.actions import create_customer, update_customer
from sales.actions import update_lead
from sales.tests.lead_builders import make_lead
from sales.tests.quote_builders import sent_quote

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
SECRETS = ("wang.fang@yunfan.example", "new.fang@yunfan.example", "13912345678", "+8613912345678", "fang_wx_2026",
           "91350100M000100Y43")  # fmt: skip


def test_changed_addresses_and_codes_stand_masked_in_the_log() -> None:
    lead = make_lead(email=SECRETS[0])
    update_lead(actor=SYSTEM, lead=lead, values={"email": SECRETS[1], "phone": SECRETS[2], "wechat": SECRETS[4]})
    customer = create_customer(actor=SYSTEM, values={"name": "Yunfan"})
    update_customer(actor=SYSTEM, customer=customer, values={"registration_code": SECRETS[5]})
    told = json.dumps(list(Activity.objects.order_by("-pk").values_list("data", flat=True)[:10]))
    assert "new***@yunfan.example" in told and "91350100" in told
    assert [secret for secret in SECRETS if secret in told] == []


def test_where_a_paper_went_stands_masked_in_the_log() -> None:
    quote = sent_quote()
    told = Activity.objects.filter(type=activity_types["quotes.sent"].code).latest("pk").data
    assert quote.sent_to == "buyer@example.com" and told["to"] == "bu***@example.com"
    assert quote.sent_to not in json.dumps(told)


def test_what_a_mail_server_said_of_an_address_is_kept_from_who_sees_none() -> None:
    assert without_addresses("550 <a.long-name@b.example>: unknown") == "550 <a.l***@b.example>: unknown"
    assert without_addresses("x" * 100_000) == "x" * 100_000
    mail = OutgoingMail.objects.create(
        template="tickets.reply", to_email=SECRETS[0], from_email="desk@here.example", subject="s", text="t",
        message_id="<1@here.example>", brand=Brand.default(), next_attempt_at=database_now(),
    )  # fmt: skip
    note_bounce(actor=SYSTEM, message_id=mail.message_id, recipient="", error=f"550 <{SECRETS[0]}>: no such user")
    data = Activity.objects.latest("pk").data
    assert SECRETS[0] not in json.dumps(data) and data["to"] == "wan***@yunfan.example"
    mail.refresh_from_db()
    assert SECRETS[0] in mail.error, "who looks after mail reads it whole"
