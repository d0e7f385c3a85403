"""From arrival to the end: raw first, poison set aside, commands that a mail server calls, decisions by colleagues."""

from __future__ import annotations

import io
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError

from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotAllowed, NotFound, NotReady
from crm.core.sockets import activity_types
from crm.files.models import Attachment
from crm.files.selectors import open_attachment
from crm.messaging.actions.inbound import LEASE, MAX_ATTEMPTS, decide_mail, discard_mail
from crm.messaging.inbound import handling
from crm.messaging.inbound.handling import handle, wake_due
from crm.messaging.inbound.raw import raw_file_of, raw_of, receive
from crm.messaging.management.commands import receivemail
from crm.messaging.models import InboundMail
from crm.testing.suites import staff

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
RAW = b"From: lilei@example.com\r\nSubject: Hi\r\nMessage-ID: <1@example.com>\r\n\r\nHello\x00 \xff\xfe"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def actor(*permissions: str) -> Actor:
    from crm.accounts.access import actor_for

    return actor_for(staff(*permissions))


def test_the_bytes_are_kept_unchanged_before_anybody_reads_them() -> None:
    with mock.patch.object(handling, "parse", side_effect=AssertionError("read too early")):
        mail = receive(RAW)
    assert raw_of(mail) == RAW and mail.state == "received" and receive(RAW).pk == mail.pk
    assert InboundMail.objects.count() == 1 and Attachment.objects.count() == 1


def test_only_who_may_decide_opens_the_raw_mail() -> None:
    file = raw_file_of(receive(RAW))
    assert open_attachment(actor("messaging.handle_mail"), file.uid).pk == file.pk
    with pytest.raises(NotFound):
        open_attachment(actor("messaging.manage_mail"), file.uid)


def test_poison_waits_in_the_quarantine_after_three_tries() -> None:
    mail = receive(RAW)
    with mock.patch.object(handling, "_settle", side_effect=RuntimeError("boom")):
        for attempt in range(MAX_ATTEMPTS):
            with clock.shifted(LEASE * 2 * attempt):
                handle(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.reason, mail.attempts) == ("quarantined", "failed", MAX_ATTEMPTS)
    assert Activity.objects.filter(type=activity_types["messaging.mail_waits"].code, object_id=mail.pk).exists()


def test_a_mail_that_takes_its_worker_with_it_waits_too() -> None:
    mail = receive(RAW)
    with mock.patch.object(handling, "raw_of", side_effect=SystemExit):
        for attempt in range(MAX_ATTEMPTS):
            with clock.shifted(LEASE * 2 * attempt), pytest.raises(SystemExit):
                handle(mail.pk)
    with clock.shifted(LEASE * 10):
        handle(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("quarantined", "failed")


def test_a_database_that_fails_for_a_moment_costs_a_minute() -> None:
    mail = receive(RAW)
    with mock.patch.object(handling, "settle", side_effect=OperationalError("gone")):
        handle(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "received" and mail.due_at > clock.now()
    with clock.shifted(LEASE):
        assert wake_due() == 1
    mail.refresh_from_db()
    assert mail.state != "received"


def run(raw: bytes, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with mock.patch.object(receivemail.sys, "stdin", mock.Mock(buffer=io.BytesIO(raw))):
        try:
            call_command("receivemail", *arguments, stdout=out, stderr=out)
        except SystemExit as error:
            return int(error.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_stored_or_try_again_or_never() -> None:
    assert run(RAW)[0] == 0 and InboundMail.objects.count() == 1
    assert run(b"  \n")[0] == receivemail.NEVER
    assert run(RAW, "--mailbox", "nobody@yunfan.example")[0] == receivemail.NEVER
    for trouble in (OperationalError("down"), OSError("disk full"), RuntimeError("odd")):
        with mock.patch.object(receivemail, "receive", side_effect=trouble):
            assert run(RAW + b"2")[0] == receivemail.TRY_AGAIN
    assert InboundMail.objects.count() == 1


def waiting() -> InboundMail:
    mail = receive(b"Subject: nobody\r\n\r\nNo sender")
    handle(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("quarantined", "no_sender")
    return mail


def test_decisions_ask_for_the_right_and_for_a_mail_that_waits() -> None:
    mail, decider = waiting(), actor("messaging.handle_mail")
    for verb in (discard_mail, lambda **values: decide_mail(decision="again", **values)):
        with pytest.raises(NotAllowed):
            verb(actor=actor("messaging.manage_mail"), mail=mail)
    again = decide_mail(actor=decider, mail=mail, decision="again")
    assert again.state == "received" and again.decided_by_id == decider.user_id
    with pytest.raises(NotReady):
        discard_mail(actor=decider, mail=mail)
    handle(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "quarantined"
    discard_mail(actor=decider, mail=mail)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("rejected", "discarded") and raw_of(mail)
    told = Activity.objects.filter(object_id=mail.pk).values_list("type", flat=True)
    assert {activity_types[f"messaging.mail_{verb}"].code for verb in ("waits", "decided", "discarded")} <= set(told)
