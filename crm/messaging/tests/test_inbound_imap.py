"""Fetching from a real server on loopback: nothing lost and nothing twice, wherever the connection breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.messaging.actions.mailboxes import create_mailbox, update_mailbox
from crm.messaging.inbound import imap
from crm.messaging.inbound.imap import MailboxUnreachable, fetch, fetch_all
from crm.messaging.inbound.raw import raw_of
from crm.messaging.models import InboundMail, Mailbox

from .imap_server import ImapServer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


def mailbox(server: ImapServer, **values: Any) -> Mailbox:
    values = {
        "brand": Brand.default(), "name": "Support", "address": "support@yunfan.example", "host": "127.0.0.1",
        "port": server.port, "security": "plain", "username": "support", "password": "secret", **values,
    }  # fmt: skip
    return create_mailbox(actor=SYSTEM, values=values)


def mail(number: int) -> bytes:
    return f"From: lilei{number}@example.com\r\nSubject: Mail {number}\r\n\r\nText {number} 中文\r\n".encode() * 3


def stored(box: Mailbox) -> list[bytes]:
    return [raw_of(row) for row in InboundMail.objects.filter(mailbox=box).order_by("pk")]


@pytest.mark.parametrize("deletes", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 6])
def test_every_mail_is_stored_once_and_then_marked_or_deleted(server: ImapServer, count: int, deletes: bool) -> None:
    box = mailbox(server, deletes=deletes)
    sent = [mail(number) for number in range(count)]
    for raw in sent:
        server.add(raw)
    assert fetch(box) == count and fetch(box) == 0
    assert stored(box) == sent
    assert len(server.mails) == (0 if deletes else count)
    assert all("Seen" in server.flags[uid] for uid in server.mails)
    server.add(mail(99))
    assert fetch(box) == 1 and stored(box)[-1] == mail(99)


@pytest.mark.parametrize("deletes", [False, True])
def test_a_connection_cut_at_any_byte_loses_and_doubles_nothing(server: ImapServer, deletes: bool) -> None:
    box = mailbox(server, deletes=deletes)
    sent = [mail(number) for number in range(3)]
    for raw in sent:
        server.add(raw)
    for cut in range(1, 1600, 97):
        server.cut_after = cut
        try:
            fetch(box)
        except MailboxUnreachable:
            box.refresh_from_db()
            assert box.last_error
    server.cut_after = None
    fetch(box)
    box.refresh_from_db()
    assert sorted(stored(box)) == sorted(sent) and box.last_error == ""


def test_a_new_folder_generation_is_fetched_anew_and_known_mail_stays_single(server: ImapServer) -> None:
    box = mailbox(server)
    for number in range(3):
        server.add(mail(number))
    fetch(box)
    server.mails, server.next_uid, server.uid_validity = {}, 1, 2
    for number in (2, 3):
        server.add(mail(number))
    assert fetch(box) == 2
    assert len(stored(box)) == 4


def test_a_mail_is_not_touched_on_the_server_before_it_is_stored(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = mailbox(server, deletes=True)
    server.add(mail(1))

    def fail(*_args: object, **_values: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(imap, "receive", fail)
    with pytest.raises(MailboxUnreachable):
        fetch(box)
    monkeypatch.undo()
    assert list(server.mails) == [1] and server.flags == {}
    assert fetch(box) == 1 and stored(box) == [mail(1)]


@pytest.mark.django_db(transaction=True)
def test_two_fetchers_of_one_mailbox_do_not_meet(server: ImapServer) -> None:
    box = mailbox(server)
    server.add(mail(1))
    rival = connections.create_connection("default")
    try:
        with rival.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"mailbox:{box.pk}"])
            assert fetch(box) == 0 and server.connections == 0
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        rival.close()
    assert fetch(box) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [({"password": "wrong"}, "user name or password"), ({"folder": "Nowhere"}, "folder"), ({"port": 1}, "reached")],
)
def test_what_is_wrong_is_said_without_the_servers_words(
    server: ImapServer, values: dict[str, Any], words: str
) -> None:
    box = mailbox(server, **values)
    with pytest.raises(MailboxUnreachable) as caught:
        imap.test_connection(box)
    assert words in str(caught.value) and "internal" not in str(caught.value)
    assert fetch_all() == 0  # noted, not raised: the next mailbox has its turn
    box.refresh_from_db()
    assert words in box.last_error


def test_tls_is_demanded(server: ImapServer) -> None:
    with pytest.raises(MailboxUnreachable):
        imap.test_connection(mailbox(server, security="tls"))
    with pytest.raises(Invalid):
        mailbox(server, address="other@yunfan.example", host="mail.yunfan.example", security="plain")


def test_the_password_is_not_readable_in_the_database(server: ImapServer) -> None:
    box = mailbox(server)
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM messaging_mailbox m")
        assert "secret" not in cursor.fetchone()[0].replace('"secret"', "")
        cursor.execute("SELECT e::text FROM messaging_mailboxevent e")
        assert all(box.secret not in row[0] for row in cursor.fetchall())
    update_mailbox(actor=SYSTEM, record=box, values={"name": "Service", "password": ""})
    box.refresh_from_db()
    assert box.name == "Service" and imap.test_connection(box) == 0
