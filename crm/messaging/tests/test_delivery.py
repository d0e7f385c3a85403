"""Sending to a real server on loopback."""

from __future__ import annotations

import datetime as dt
import socket
import time
from unittest.mock import patch

import pytest

from crm.activity.models import Activity, Anchor
from crm.core import clock
from crm.jobs.heartbeat import beat
from crm.messaging import carriers
from crm.messaging.actions.sending import claim, note_failure
from crm.messaging.delivery import deliver, wake_due
from crm.messaging.models import MailServer, OutgoingMail
from crm.messaging.outcomes import Failure

from .builders import SYSTEM, mail, message

pytestmark = pytest.mark.django_db


def state_of(queued: OutgoingMail) -> str:
    queued.refresh_from_db()
    return queued.state


def test_a_mail_is_sent_once(smtp):
    queued = mail()
    assert deliver(queued.pk) is True
    assert deliver(queued.pk) is False
    assert len(smtp.messages) == 1
    assert state_of(queued) == "sent"
    assert smtp.messages[0]["Message-ID"] == queued.message_id
    assert smtp.messages[0]["Auto-Submitted"] == "auto-generated"


def test_chinese_survives_the_way(smtp):
    deliver(mail(to_name='李雷 "Lei", <Li>').pk)
    (got,) = smtp.messages
    assert got["Subject"] == "已收到工单 T-1024：打印机离线"
    assert got["To"].addresses[0].display_name == "李雷 'Lei', <Li>"
    assert got["To"].addresses[0].addr_spec == "lilei@example.com"
    assert got["From"].addresses[0].display_name == "云帆客服"
    text, html = got.iter_parts()
    assert "李雷，您好" in text.get_content()
    assert html.get_content_type() == "text/html"


def test_copies_go_to_everybody(smtp):
    deliver(mail(cc=["boss@example.com"], reply_to="help@yunfan.example").pk)
    assert smtp.messages[0]["X-Envelope-To"] == "lilei@example.com, boss@example.com"
    assert smtp.messages[0]["Reply-To"] == "help@yunfan.example"


def test_a_reply_is_marked_delivered(smtp):
    reply = message("We are on it", "outbound")
    deliver(mail(related=reply).pk)
    reply.refresh_from_db()
    assert reply.state == "sent"
    assert reply.delivered_at


def test_a_temporary_refusal_is_tried_again_later(smtp):
    smtp.refuse_with = "451 4.3.0 try later"
    queued = mail()
    assert deliver(queued.pk) is False
    assert state_of(queued) == "waiting"
    assert "451" in queued.error
    assert deliver(queued.pk) is False
    assert queued.attempts == 1
    smtp.refuse_with = ""
    with clock.shifted(dt.timedelta(seconds=61)):
        assert deliver(queued.pk) is True
    assert [got["Message-ID"] for got in smtp.messages] == [queued.message_id]


def test_waits_grow_and_end_after_three_days(smtp):
    smtp.refuse_with = "451 4.3.0 try later"
    queued = mail()
    waits = []
    moment = dt.timedelta()
    while state_of(queued) == "waiting":
        with clock.shifted(moment):
            deliver(queued.pk)
            queued.refresh_from_db()
            waits.append(round((queued.next_attempt_at - clock.now()).total_seconds() / 60))
        moment += dt.timedelta(minutes=max(waits[-1], 0), seconds=2)
    assert waits[:6] == [1, 5, 30, 120, 240, 480]
    assert queued.state == "failed"
    assert moment >= dt.timedelta(days=3)


def test_a_permanent_refusal_fails_at_once_and_is_told(smtp):
    smtp.refuse_with = "550 5.1.1 no such user"
    reply = message("We are on it", "outbound")
    queued = mail(related=reply)
    deliver(queued.pk)
    reply.refresh_from_db()
    assert (state_of(queued), reply.state) == ("failed", "failed")
    assert "no such user" in reply.error
    activity = Activity.objects.get()
    assert (activity.key, activity.data["to"]) == ("messaging.mail_failed", "li***@example.com")
    assert Anchor.objects.filter(activity_id=activity.pk, kind=70, object_id=reply.conversation_id).exists()


def test_no_server_at_all_is_temporary(settings, smtp):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
        queued = mail()
        deliver(queued.pk)
    assert state_of(queued) == "waiting"


def test_a_silent_server_holds_no_lock_and_is_left_in_time(settings, smtp):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.2
        queued = mail()
        started = time.monotonic()
        deliver(queued.pk)
    assert time.monotonic() - started < 5
    assert state_of(queued) == "waiting"


def test_a_sender_that_died_is_followed_by_another_with_the_same_message_id(smtp):
    queued = mail()
    with patch.object(carriers, "note_sent", side_effect=SystemExit), pytest.raises(SystemExit):
        deliver(queued.pk)
    assert state_of(queued) == "sending"
    assert deliver(queued.pk) is False
    with clock.shifted(dt.timedelta(minutes=4)):
        assert wake_due() == 1
    assert state_of(queued) == "sent"
    assert [got["Message-ID"] for got in smtp.messages] == [queued.message_id] * 2


def test_a_late_failure_does_not_undo_what_another_sender_did(smtp):
    queued = mail()
    first = claim(actor=SYSTEM, model=OutgoingMail, row_id=queued.pk, bucket=("here", 60))
    with clock.shifted(dt.timedelta(minutes=4)):
        assert deliver(queued.pk) is True
    note_failure(
        actor=SYSTEM, model=OutgoingMail, row_id=queued.pk, lease_until=first.lease_until,
        failure=Failure("timed out", is_permanent=True),
    )  # fmt: skip
    assert state_of(queued) == "sent"


def test_the_pace_is_kept(smtp, settings):
    settings.MAIL_PER_MINUTE = 12  # a burst of two
    queued = [mail() for _number in range(4)]
    assert [deliver(one.pk) for one in queued] == [True, True, False, False]
    assert state_of(queued[3]) == "waiting"
    assert queued[3].attempts == 0
    with clock.shifted(dt.timedelta(seconds=6)):
        assert deliver(queued[2].pk) is True
        assert deliver(queued[3].pk) is False
    assert MailServer.objects.count() == 1


def test_the_sweep_sends_itself_when_no_worker_lives(smtp):
    one, two = mail(), mail()
    assert wake_due() == 2
    assert (state_of(one), state_of(two)) == ("sent", "sent")
    assert wake_due() == 0


def test_the_sweep_asks_a_living_worker_once(smtp):
    queued = mail()
    beat("worker")
    with patch.object(carriers, "enqueue", return_value=True) as asked:
        assert wake_due() == 1
        assert wake_due() == 0
        with clock.shifted(dt.timedelta(seconds=31)):
            beat("worker")
            assert wake_due() == 1
    assert [call.args for call in asked.call_args_list] == [("messaging.send_mail", queued.pk)] * 2
    assert smtp.messages == []


def test_the_sweep_sends_itself_when_the_broker_is_gone(smtp):
    queued = mail()
    beat("worker")
    with patch.object(carriers, "enqueue", return_value=False):
        wake_due()
    assert state_of(queued) == "sent"


def test_a_held_mail_stays(smtp):
    queued = mail()
    OutgoingMail.objects.filter(pk=queued.pk).update(state="held")
    assert wake_due() == 0
    assert deliver(queued.pk) is False
    assert smtp.messages == []
