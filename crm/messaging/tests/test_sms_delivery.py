"""Text messages against a gateway on loopback: taken once, refused, silent, slow, and what it reports."""

from __future__ import annotations

import datetime as dt
from unittest.mock import patch

import pytest

from crm.activity.models import Activity, Anchor
from crm.core import clock, installation
from crm.messaging import carriers
from crm.messaging.actions import hold_sms, opt_in, opt_out, queue_sms, retry_sms, send_test_sms
from crm.messaging.choices import OptOutSource
from crm.messaging.models import OutgoingSms, SmsOptOut
from crm.messaging.sms.delivery import deliver, wake_due
from crm.testing.gateway import ORIGIN, TOKEN, signed

from .builders import SYSTEM, VALUES, message, sms
from .test_actions import administrator, agent  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
OTHERS = {"code": 20001, "message": "no"}


def state_of(queued: OutgoingSms) -> str:
    queued.refresh_from_db()
    return queued.state


def report(client, queued, status, *, token=TOKEN, **more):
    fields = {"MessageSid": queued.gateway_id or "SM1", "MessageStatus": status, **more}
    path = f"/hooks/sms/{queued.key}/"
    signature = signed(f"http://127.0.0.1:8000{path}", fields, token)
    return client.post(path, fields, headers={"x-twilio-signature": signature})


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL = "http://127.0.0.1:8000"


def test_a_text_message_is_sent_once(fake):
    queued = sms()
    assert deliver(queued.pk) is True
    assert deliver(queued.pk) is False
    (got,) = fake.messages
    assert (got["To"], got["From"]) == ("+8613812345678", ORIGIN)
    assert got["Body"] == queued.text and "打印机离线" in got["Body"]
    assert got["StatusCallback"] == f"http://127.0.0.1:8000/hooks/sms/{queued.key}/"
    assert state_of(queued) == "sent" and queued.gateway_id == got["sid"]


def test_the_same_reason_gives_the_same_text_message(fake):
    first, second = sms(dedupe_key="received:1"), sms(dedupe_key="received:1", to_phone="+8613800000000")
    assert first.pk == second.pk and sms(dedupe_key="received:2").pk != first.pk


def test_a_messaging_service_stands_in_for_a_number(fake, settings):
    settings.SMS = {**settings.SMS, "origin": "MG123"}
    deliver(sms().pk)
    assert fake.messages[0]["MessagingServiceSid"] == "MG123" and "From" not in fake.messages[0]


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_number_fails_at_once_and_is_told(fake, status):
    reply = message("We are on it", "outbound")
    queued = sms(related=reply, conversation=reply.conversation)
    fake.answers = [(status, {}, {"code": 21614, "message": "'To' number is not a valid mobile number"})]
    assert deliver(queued.pk) is False
    reply.refresh_from_db()
    assert (state_of(queued), reply.state) == ("failed", "failed")
    assert "21614" in reply.error
    activity = Activity.objects.get()
    assert (activity.key, activity.data["to"]) == ("messaging.sms_failed", "138 **** 5678")
    assert Anchor.objects.filter(activity_id=activity.pk, kind=70, object_id=reply.conversation_id).exists()


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_trouble_of_the_gateway_or_of_our_account_waits(fake, status):
    queued = sms()
    fake.answers = [(status, {}, OTHERS)]
    deliver(queued.pk)
    assert state_of(queued) == "waiting" and str(status) in queued.error
    with clock.shifted(dt.timedelta(seconds=61)):
        assert deliver(queued.pk) is True
    assert len(fake.messages) == 1


def test_retry_after_is_obeyed_and_bounded(fake):
    waits = []
    for asked in ("600", "9999999", "soon"):
        queued = sms()
        fake.answers = [(429, {"Retry-After": asked}, OTHERS)]
        deliver(queued.pk)
        queued.refresh_from_db()
        waits.append(round((queued.next_attempt_at - clock.now()).total_seconds() / 60))
    assert waits == [10, 360, 1]


def test_a_gateway_that_took_it_and_hung_up_is_asked_before_it_goes_again(fake):
    queued = sms()
    fake.swallow = True
    assert deliver(queued.pk) is False and state_of(queued) == "waiting"
    fake.swallow = False
    with clock.shifted(dt.timedelta(seconds=61)):
        assert deliver(queued.pk) is True
    assert len(fake.messages) == 1 and state_of(queued) == "sent"
    assert queued.gateway_id == fake.messages[0]["sid"]


def test_a_silent_gateway_is_left_in_time(fake, settings):
    settings.SMS_TIMEOUT, fake.delay_seconds = 0.2, 1.0
    queued = sms()
    deliver(queued.pk)
    assert state_of(queued) == "waiting" and "imeout" in queued.error


def test_a_report_settles_what_was_never_answered(fake, client):
    queued = sms()
    fake.swallow = True
    deliver(queued.pk)
    assert report(client, queued, "delivered").status_code == 204
    assert state_of(queued) == "delivered"
    with clock.shifted(dt.timedelta(seconds=61)):
        assert wake_due() == 0
    assert len(fake.messages) == 1


def test_reports_move_a_message_forward_only(fake, client):
    reply = message("We are on it", "outbound")
    queued = sms(related=reply, conversation=reply.conversation)
    deliver(queued.pk)
    queued.refresh_from_db()
    seen = []
    for status in ("queued", "sent", "delivered", "delivered", "sent", "failed"):
        assert report(client, queued, status).status_code == 204
        seen.append(state_of(queued))
    assert seen == ["sent", "sent", "delivered", "delivered", "delivered", "delivered"]
    reply.refresh_from_db()
    assert reply.state == "sent" and not Activity.objects.filter(type=711).exists()


def test_an_undelivered_message_is_told_once(fake, client):
    reply = message("We are on it", "outbound")
    queued = sms(related=reply, conversation=reply.conversation)
    deliver(queued.pk)
    queued.refresh_from_db()
    for _repeat in range(3):
        report(client, queued, "undelivered", ErrorCode="30003", ErrorMessage="Unreachable")
    reply.refresh_from_db()
    assert (state_of(queued), reply.state) == ("failed", "failed") and "30003" in queued.error
    assert [row.key for row in Activity.objects.all()] == ["messaging.sms_failed"]


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_forged_report_changes_nothing(fake, client, token):
    queued = sms()
    deliver(queued.pk)
    assert report(client, queued, "failed", token=token).status_code == 403
    assert client.post(f"/hooks/sms/{queued.key}/", {"MessageStatus": "failed"}).status_code == 403
    assert state_of(queued) == "sent"


def test_a_report_is_signed_for_its_own_address(fake, client):
    one, other = sms(), sms()
    fields = {"MessageSid": "SM1", "MessageStatus": "failed"}
    signature = signed(f"http://127.0.0.1:8000/hooks/sms/{one.key}/", fields)
    answer = client.post(f"/hooks/sms/{other.key}/", fields, headers={"x-twilio-signature": signature})
    assert answer.status_code == 403 and state_of(other) == "waiting"


def test_reports_have_no_address_without_the_gateway(client, settings):
    settings.SMS = {"sender": "console", "countries": []}
    assert client.post("/hooks/sms/none/", {}).status_code == 404


def test_stop_is_obeyed_until_start(fake, client):
    def says(kind):
        fields = {"From": "+8613812345678", "Body": kind, "OptOutType": kind}
        signature = signed("http://127.0.0.1:8000/hooks/sms/", fields)
        return client.post("/hooks/sms/", fields, headers={"x-twilio-signature": signature})

    assert says("STOP").status_code == 200
    assert SmsOptOut.objects.get().source == "gateway"
    assert queue_sms(actor=SYSTEM, template_key="test.received", to_phone="+8613812345678", language="en",
                     values=VALUES, brand=message().conversation.brand) is None  # fmt: skip
    says("START")
    assert not SmsOptOut.objects.exists() and sms().pk


def test_a_stop_the_gateway_knows_of_is_learned_from_its_refusal(fake):
    fake.answers = [(400, {}, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"})]
    queued = sms()
    deliver(queued.pk)
    assert state_of(queued) == "failed" and SmsOptOut.objects.get().phone == "+8613812345678"


def test_a_waiting_message_is_not_sent_after_the_opt_out(fake):
    queued = sms()
    opt_out(actor=SYSTEM, phone=queued.to_phone, source=OptOutSource.CUSTOMER)
    deliver(queued.pk)
    assert state_of(queued) == "failed" and fake.messages == []
    opt_in(actor=SYSTEM, phone=queued.to_phone)
    assert not SmsOptOut.objects.exists()


def test_only_countries_that_are_named_are_reached(fake, settings):
    settings.SMS = {**settings.SMS, "countries": [86, 852]}
    assert sms(to_phone="+85291234567").pk
    assert queue_sms(actor=SYSTEM, template_key="test.received", to_phone="+15005550010", language="en",
                     values=VALUES, brand=message().conversation.brand) is None  # fmt: skip


def test_a_silent_copy_sends_nothing(fake):
    queued = sms()
    installation.hold("restored")
    assert deliver(queued.pk) is False and wake_due() == 0
    installation.release()
    assert wake_due() == 1 and len(fake.messages) == 1


def test_the_pace_is_its_own(fake, settings):
    settings.SMS_PER_MINUTE = 12  # a burst of two
    queued = [sms() for _number in range(3)]
    assert [deliver(one.pk) for one in queued] == [True, True, False]
    assert state_of(queued[2]) == "waiting"


def test_a_sender_that_died_is_followed_by_one_that_asks_first(fake):
    queued = sms()
    with patch.object(carriers, "note_sent", side_effect=SystemExit), pytest.raises(SystemExit):
        deliver(queued.pk)
    assert state_of(queued) == "sending"
    with clock.shifted(dt.timedelta(minutes=4)):
        assert wake_due() == 1
    assert state_of(queued) == "sent" and len(fake.messages) == 1


def test_files_stand_in_for_a_gateway(settings, tmp_path):
    settings.SMS = {"sender": "console", "countries": [], "folder": str(tmp_path / "sms")}
    queued = sms()
    assert deliver(queued.pk) is True
    (file,) = (tmp_path / "sms").iterdir()
    assert queued.text in file.read_text(encoding="utf-8") and "To: +8613812345678" in file.read_text(encoding="utf-8")


def test_holding_sending_again_and_trying(fake, administrator):  # noqa: F811
    queued = sms()
    hold_sms(actor=administrator, sms=queued)
    assert wake_due() == 0
    assert retry_sms(actor=administrator, sms=queued).state == "waiting"
    tried = send_test_sms(actor=administrator, to_phone="+8613812345678")
    assert tried.parts == 1 and wake_due() == 2
    keys = [row.key for row in Activity.objects.order_by("pk")]
    assert keys == ["messaging.sms_held", "messaging.sms_retried", "messaging.sms_tested"]
