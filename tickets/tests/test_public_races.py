"""Many people at once, and people who press twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from crm.core.seeding import seed
from crm.files.models import Attachment
from crm.messaging.models import Message, OutgoingMail
from crm.ui.public_forms import stamp
from customers.models import Contact
from tickets.models import ServiceSettings, Ticket

from .builders import make_request_type, submit

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16


@pytest.fixture(autouse=True)
def desk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    seed()
    ServiceSettings.objects.update(
        min_form_seconds=0, limit_per_address_hour=10**6, limit_per_network_hour=10**6, limit_per_brand_minute=10**6
    )
    return make_request_type("printer")


def post(values, url="/help/tickets/new/"):
    try:
        return Client().post(url, values).headers.get("Location", "no redirect")
    finally:
        connections.close_all()


def send_twice_at_once(people: int) -> None:
    """Every form is sent by two threads at the same time, half of them with a file."""
    forms = []
    for number in range(people):
        key = f"form-key-of-a-race-{number:04d}"
        form = {
            "request_type": "printer", "subject": f"Request {number}", "description": "Offline.", "name": "Li Lei",
            "email": f"race{number}@example.test", "consent": "on", "form_key": key, "opened_token": stamp(key),
        }  # fmt: skip
        for _time in range(2):
            file = {"attachments": SimpleUploadedFile("log.txt", str(number).encode())} if number % 2 else {}
            forms.append(form | file)
    with ThreadPoolExecutor(THREADS) as pool:
        pages = list(pool.map(post, forms))
    assert pages[::2] == pages[1::2]
    assert len(set(pages)) == people and all(page.startswith("/help/tickets/sent/") for page in pages)
    assert Ticket.objects.count() == Contact.objects.count() == OutgoingMail.objects.count() == people
    assert Attachment.objects.count() == people // 2


def test_forms_sent_twice_at_once_make_one_ticket_each():
    send_twice_at_once(20)


@pytest.mark.slow
def test_two_hundred_forms_sent_twice_at_once_make_two_hundred_tickets():
    send_twice_at_once(200)


def test_one_newcomer_in_many_tabs_is_one_person(desk):
    forms = []
    for number in range(THREADS):
        key = f"form-key-of-a-tab-{number:05d}"
        forms.append({
            "request_type": "printer", "subject": f"Tab {number}", "description": "It is offline.", "name": "Li Lei",
            "email": "tabs@example.test", "consent": "on", "form_key": key, "opened_token": stamp(key),
        })  # fmt: skip
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(post, forms))
    assert (Ticket.objects.count(), Contact.objects.count(), OutgoingMail.objects.count()) == (THREADS, 1, 1)


def test_an_answer_sent_many_times_at_once_arrives_once(desk):
    ticket = submit(desk)
    answer = {"body": "It happened again.", "form_key": "reply-key-0000000001"}
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _n: post(answer, f"/help/tickets/{ticket.access_token}/reply/"), range(8)))
    assert set(pages) == {f"/help/tickets/{ticket.access_token}/"}
    assert Message.objects.filter(body="It happened again.").count() == 1
