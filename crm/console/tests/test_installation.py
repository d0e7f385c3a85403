"""A restored copy keeps silent until somebody activates it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.activity.models import Activity
from crm.console import shell
from crm.console.mail import send_password_link
from crm.core import installation
from crm.core.sockets import activity_types
from crm.messaging.choices import MailState
from crm.messaging.delivery import deliver, wake_due
from crm.messaging.models import OutgoingMail

from .builders import SYSTEM, make_user, signed_in

pytestmark = pytest.mark.django_db
REASON = "Restored from monday.tar"


@pytest.fixture(autouse=True)
def _forget() -> None:
    shell._seen.update(at=float("-inf"), reason="")


@pytest.fixture
def waiting(settings: Any) -> OutgoingMail:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_password_link(actor=SYSTEM, user=make_user("agent"), template_key="console.invitation")
    return OutgoingMail.objects.get()


def test_a_held_copy_sends_nothing_whoever_asks(waiting: OutgoingMail) -> None:
    installation.hold(REASON)
    assert deliver(waiting.pk) is False and wake_due() == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.woken_at) == (MailState.WAITING, 0, None)
    assert outbox.outbox == []


def test_activate_lets_it_speak_once(waiting: OutgoingMail) -> None:
    installation.hold(REASON)
    said = io.StringIO()
    call_command("activate", stdout=said)
    assert "1 mails are on their way" in said.getvalue()
    assert deliver(waiting.pk) is True and len(outbox.outbox) == 1
    assert Activity.objects.filter(type=activity_types["console.activated"].code).count() == 1
    call_command("activate", stdout=said)
    assert "active already" in said.getvalue()
    assert Activity.objects.filter(type=activity_types["console.activated"].code).count() == 1


def test_mail_that_the_original_has_sent_can_be_held_back(waiting: OutgoingMail) -> None:
    installation.hold(REASON)
    call_command("activate", hold_mail=True, stdout=io.StringIO())
    assert deliver(waiting.pk) is False
    waiting.refresh_from_db()
    assert waiting.state == MailState.HELD


def test_administrators_see_it_on_every_page_and_machines_in_readyz() -> None:
    installation.hold(REASON)
    for address in ("/", reverse("console:user_list")):
        assert REASON in signed_in(make_user("administrator")).get(address).content.decode()
    assert REASON not in signed_in(make_user("agent")).get("/").content.decode()
    assert Client().get("/readyz").json()["held"] == REASON
    installation.release()
    assert Client().get("/readyz").json()["held"] == ""
