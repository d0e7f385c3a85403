"""/settings/sms/: how text messages leave, a test, numbers that want none, the log."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.core import installation
from crm.messaging.models import MailTemplate, OutgoingSms, SmsOptOut
from crm.messaging.seeds import seed_templates
from crm.messaging.sms.delivery import deliver
from crm.testing.builders import make_user
from crm.testing.gateway import gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("administrator"))
    return client


@pytest.fixture
def texts(settings, tmp_path):
    settings.SMS = {"sender": "console", "countries": [86], "folder": str(tmp_path)}


def page(client, path="/settings/sms/") -> str:
    return client.get(path).content.decode()


def test_the_page_says_what_is_set(client, settings, texts):
    assert "text messages become files" in page(client) and "+86" in page(client)
    settings.SMS = {"sender": "none", "countries": []}
    assert "a call task stands on the ticket" in page(client)
    with gateway() as fake:
        settings.SMS = fake.settings
        assert "Twilio" in page(client) and "+15005550006" in page(client)
        assert fake.settings["token"] not in page(client)
    installation.hold("restored")
    assert "no text message leaves it" in page(client)


def test_a_test_message_is_sent_and_logged_masked(client, texts):
    answer = client.post("/settings/sms/test/", {"phone": "138 1234 5678"})
    sms = OutgoingSms.objects.get()
    assert answer["Location"] == f"/settings/sms/log/{sms.pk}/"
    deliver(sms.pk)
    for path in ("/settings/sms/log/", f"/settings/sms/log/{sms.pk}/"):
        assert "138 **** 5678" in page(client, path) and "13812345678" not in page(client, path)
    assert "1 sent in 1 paid parts" in page(client)
    assert f"/log/{sms.pk}/" in page(client, "/settings/sms/log/?q=13812345678")
    assert f"/log/{sms.pk}/" not in page(client, "/settings/sms/log/?q=5678")


@pytest.mark.parametrize("phone", ["", "nobody", "12", "+1 500 555 0006"])
def test_a_test_that_cannot_go_says_why(client, texts, phone):
    answer = client.post("/settings/sms/test/", {"phone": phone})
    assert answer.status_code == 422 and "is-invalid" in answer.content.decode()
    assert OutgoingSms.objects.count() == 0


def test_numbers_are_kept_out_and_let_in_again(client, texts):
    client.post("/settings/sms/numbers/", {"phone": "13812345678"})
    row = SmsOptOut.objects.get()
    assert row.source == "staff" and "138 **** 5678" in page(client)
    assert client.post("/settings/sms/test/", {"phone": "13812345678"}).status_code == 422
    client.post(f"/settings/sms/numbers/{row.pk}/lift/")
    assert not SmsOptOut.objects.exists()


def test_a_failed_one_is_shown_and_sent_again(client, texts):
    client.post("/settings/sms/test/", {"phone": "13812345678"})
    sms = OutgoingSms.objects.get()
    client.post(f"/settings/sms/log/{sms.pk}/hold/")
    assert "Held back" in page(client, f"/settings/sms/log/{sms.pk}/")
    OutgoingSms.objects.update(state="failed", error="30003 Unreachable")
    assert "30003 Unreachable" in page(client, f"/settings/sms/log/{sms.pk}/")
    client.post(f"/settings/sms/log/{sms.pk}/retry/")
    assert OutgoingSms.objects.get().state == "waiting"


def test_the_wording_of_a_text_message_is_edited_with_its_mail(client):
    seed_templates()
    path = "/settings/mail-texts/tickets.reply/"
    assert "sms_en" in page(client, path) or 'name="sms_' in page(client, path)
    row = MailTemplate.objects.get(key="tickets.reply")
    form = {
        f"{part}_{code.replace('-', '_')}": text
        for part in ("subject", "body", "sms")
        for code, text in getattr(row, part).items()
    }
    shown = client.post(path, {**form, "sms_en": "{{message.text}} " + "x" * 170, "preview": "1"}).content.decode()
    assert "parts: 2" in shown
    assert client.post(path, {**form, "sms_en": "{{nonsense}}"}).status_code == 422
    client.post(path, {**form, "sms_en": "Ours: {{message.text}}"})
    row.refresh_from_db()
    assert row.sms["en"] == "Ours: {{message.text}}" and row.is_edited
    emptied = {name: text for name, text in form.items() if not name.startswith("sms_")}
    client.post(path, emptied)
    seed_templates()
    row.refresh_from_db()
    assert row.sms.in_language("en") == ""  # emptied on purpose: the seeds leave it so
