"""Mailboxes are set up, tested and fetched; held mail is looked at and decided on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions.mailboxes import create_mailbox
from crm.messaging.inbound.handling import handle
from crm.messaging.inbound.imap import fetch
from crm.messaging.inbound.raw import receive
from crm.messaging.models import InboundMail, Mailbox
from crm.messaging.tests.imap_server import ImapServer
from crm.testing.suites import CreateSuite, DetailSuite, ListSuite, UpdateSuite, signed_in, staff

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
_numbers = itertools.count(1)
MANAGE, HANDLE = "messaging.manage_mailboxes", "messaging.handle_mail"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


def make_mailbox(**values: Any) -> Mailbox:
    number = next(_numbers)
    values = {"brand": Brand.default(), "name": f"Box {number}", "address": f"box{number}@yunfan.example", **values}
    return create_mailbox(actor=SYSTEM, values=values)


def make_mail(number: int = 1) -> InboundMail:
    mail = receive(f"Subject: Mail {number}\r\n\r\n<script>alert({number})</script> words".encode())
    handle(mail.pk)
    mail.refresh_from_db()
    return mail


def typed(**values: Any) -> dict[str, Any]:
    return {
        "name": "Support", "address": "support@yunfan.example", "brand": Brand.default().pk, "handler": "tickets",
        "has_reply_addresses": "on", "host": "", "port": "993", "security": "tls", "verify_certificate": "on",
        "username": "", "password": "", "folder": "INBOX", "is_active": "on", "request_type": "", **values,
    }  # fmt: skip


class TestMailboxList(ListSuite):
    url_name, permission = "console:mailbox_list", MANAGE

    def make(self, count: int) -> list[Mailbox]:
        return [make_mailbox() for _number in range(count)]


class TestMailboxDetail(DetailSuite):
    url_name, permission = "console:mailbox_detail", MANAGE

    def make_one(self) -> Mailbox:
        return make_mailbox()


class TestMailboxCreate(CreateSuite):
    url_name, permission, kept = "console:mailbox_create", MANAGE, "not-an-address"

    def good(self) -> dict[str, Any]:
        return typed()

    def bad(self) -> dict[str, Any]:
        return typed(address="not-an-address")

    def rows(self) -> Any:
        return Mailbox.objects.all()


class TestMailboxUpdate(UpdateSuite):
    url_name, permission, kept = "console:mailbox_update", MANAGE, "not-an-address"

    def make_one(self) -> Mailbox:
        return make_mailbox(handler="tickets")

    def change(self) -> dict[str, Any]:
        return {"name": "Service"}

    def bad(self) -> dict[str, Any]:
        return {"address": "not-an-address"}

    def rival(self, record: Any) -> None:
        Mailbox.objects.filter(pk=record.pk).update(name="Rival")

    def changed(self, record: Any) -> bool:
        return Mailbox.objects.get(pk=record.pk).name == "Service"


class TestInboundMailList(ListSuite):
    url_name, permission = "console:inbound_mail_list", HANDLE

    def make(self, count: int) -> list[InboundMail]:
        return [make_mail(next(_numbers)) for _number in range(count)]


class TestInboundMailDetail(DetailSuite):
    url_name, permission = "console:inbound_mail_detail", HANDLE

    def make_one(self) -> InboundMail:
        return make_mail()


def test_a_mailbox_is_set_up_by_form_tested_and_fetched(server: ImapServer) -> None:
    client = signed_in(staff(MANAGE))
    values = typed(
        host="127.0.0.1", port=str(server.port), security="plain", username="support", password="secret"
    )  # fmt: skip
    assert client.post(reverse("console:mailbox_create"), values).status_code == 302
    box = Mailbox.objects.get()
    assert (
        box.handler == "tickets" and box.handler_settings == {"v": 1, "request_type": ""} and "secret" not in box.secret
    )
    server.add(b"From: lilei@example.com\r\n\r\nHi")
    response = client.post(reverse("console:mailbox_test", args=[box.pk]), follow=True)
    assert "1 mail lies in the folder" in response.content.decode() and not InboundMail.objects.exists()
    assert fetch(box) == 1
    server.password = "changed"
    response = client.post(reverse("console:mailbox_test", args=[box.pk]), follow=True)
    assert "user name or password" in response.content.decode() and "internal" not in response.content.decode()
    assert "secret" not in client.get(reverse("console:mailbox_update", args=[box.pk])).content.decode()


def test_an_unprotected_connection_to_another_machine_is_refused() -> None:
    values = typed(host="mail.yunfan.example", security="plain", username="support", password="secret")
    response = signed_in(staff(MANAGE)).post(reverse("console:mailbox_create"), values)
    assert response.status_code == 422 and "unprotected" in response.content.decode()


def test_a_waiting_mail_is_shown_as_text_with_its_reason_and_bytes() -> None:
    client, mail = signed_in(staff(HANDLE)), make_mail()
    page = client.get(reverse("console:inbound_mail_detail", args=[mail.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; words" in page and "No address to answer to" in page
    download = client.get(next(part for part in page.split('"') if part.endswith(f"mail-{mail.pk}.eml")))
    assert download["Content-Disposition"].startswith("attachment") and download["X-Content-Type-Options"] == "nosniff"


def test_decisions() -> None:
    client, mail = signed_in(staff(HANDLE)), make_mail()
    again = client.post(reverse("console:inbound_mail_again", args=[mail.pk]), follow=True).content.decode()
    assert "In quarantine" in again
    refused = client.post(reverse("console:inbound_mail_add", args=[mail.pk]), {"reference": "99999"})
    assert refused.status_code == 422 and "You see no record of this number" in refused.content.decode()
    client.post(reverse("console:inbound_mail_discard", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "rejected"
