"""The ticket form, as customers and machines send it."""

from __future__ import annotations

import json
import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.core.models import Brand
from crm.core.text import clean_line, clean_text
from crm.files.models import Attachment, Upload
from crm.launch.paths import BASE_DIR
from crm.messaging.models import Message, OutgoingMail
from crm.ui.public_forms import stamp
from customers.models import Contact, Customer, Identity
from customers.recognising.identities import masked_email
from tickets.models import ServiceSettings, Ticket
from tickets.selectors import priority_from

from .builders import make_request_type, submit

pytestmark = pytest.mark.django_db

URL = "/help/tickets/new/"
KEY = "form-key-of-a-test-0001"
CORPUS = BASE_DIR.parent / "shared" / "corpora" / "strings"
#: Enough of each class where the corpora are absent: controls, bidi, markup, templates, formulas, astral, joiners.
HOSTILE = [
    "a\x00b", "\ufeffabc\u202edef", "<script>alert(1)</script>", "{{ 7*7 }}{% now %}", "=cmd|' /C calc'!A0", "🙂👨‍👩‍👧",
    "' OR 1=1 --", "\u2028\u2029x", "Ω≈ç√∫", "ＴＥＳＴ", "%s%n%d", "../../etc/passwd", "\r\nBcc: a@b.c", "a" * 300,
]  # fmt: skip


@pytest.fixture(autouse=True)
def desk(settings, tmp_path):
    """One request type, no minimum age, no mail or media of earlier tests."""
    settings.MEDIA_ROOT = tmp_path
    ServiceSettings.objects.update(min_form_seconds=0)
    return make_request_type("printer", name="Printer", chinese="打印机")


def data(**changes):
    key = changes.pop("form_key", KEY)
    values = {
        "request_type": "printer",
        "subject": "Printer offline",
        "description": "It is offline since the update.",
        "name": "Emma Clarke",
        "email": "emma@example.test",
        "timezone": "Europe/London",
        "consent": "on",
        "form_key": key,
        "opened_token": stamp(key),
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def text_of(response) -> str:
    return response.content.decode()


def key_in(response) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', text_of(response))[1]


def counts():
    return [model.objects.count() for model in (Ticket, Customer, Contact, Identity, Message, OutgoingMail, Upload)]


def sent_to(response) -> Ticket:
    assert response.status_code == 302, text_of(response)
    return Ticket.objects.get(guest_token=response.url.split("/")[-2])


def test_a_request_becomes_a_ticket(client):
    response = client.post(URL, data())
    ticket = sent_to(response)
    assert (ticket.subject, ticket.reply_email, ticket.timezone, ticket.language) == (
        "Printer offline", "emma@example.test", "Europe/London", "en",
    )  # fmt: skip
    page = text_of(client.get(response.url))
    assert ticket.label in page and masked_email("emma@example.test") in page and "(Europe/London)" in page
    assert ticket.access_token not in page and "emma@example.test" not in page


def test_the_form_speaks_chinese(client):
    response = client.get(URL, headers={"accept-language": "zh-CN"})
    assert "打印机" in text_of(response) and "我同意" in text_of(response)
    ticket = sent_to(client.post(URL, data(), headers={"accept-language": "zh-CN"}))
    assert ticket.language == "zh-hans"


def test_a_phone_number_is_enough_and_shows_its_link(client):
    response = client.post(URL, data(email=None, phone="138 1234 5678"))
    ticket = sent_to(response)
    assert ticket.reply_phone == "+8613812345678"
    page = text_of(client.get(response.url))
    assert reverse("help:ticket_track", args=[ticket.guest_token]) in page


def test_presets_come_from_the_address_and_unknown_ones_are_ignored(client):
    page = text_of(client.get(URL, {"type": "printer", "subject": "PX-480 <b>", "next": "//evil.example"}))
    assert re.search(r'value="printer"[^>]*checked', page)
    assert 'value="PX-480 &lt;b&gt;"' in page
    assert client.post(f"{URL}?next=//evil.example", data(next="//evil.example")).url.startswith("/help/tickets/sent/")
    assert client.get(URL, {"type": "no-such"}).status_code == 200
    assert client.get(URL, {"x": "\x00"}).status_code == 400


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("request_type", None, "Choose what it is about"),
        ("request_type", "no-such", "Choose what it is about"),
        ("subject", " \u200b ", "Enter what it is about in a few words"),
        ("subject", "s" * 201, "Subject must be 200 characters or fewer"),
        ("description", "", "Describe what happened"),
        ("description", "d" * 20_001, "must be 20,000 characters or fewer"),
        ("name", "", "Enter your name"),
        ("email", "emma@", "Enter an email address in the form name@example.com"),
        ("email", None, "Enter an email address or a phone number, so that we can answer"),
        ("phone", "12", "Enter a phone number with its area or country code"),
        ("consent", None, "Agree to the use of your data"),
    ],
)
def test_each_mistake_is_told_twice_and_keeps_what_was_typed(client, field, value, message):
    before = counts()
    sent = data(**{field: value})
    response = client.post(URL, sent)
    page = text_of(response)
    assert response.status_code == 422
    assert "<title>Error:" in page and 'class="error-summary"' in page
    assert page.count(message) >= 2
    assert f'href="#id_{field}"' in page
    for name in ("subject", "name", "email"):
        if sent.get(name) and name != field:
            assert f'value="{sent[name]}"' in page
    if field != "description":
        assert sent["description"] in page
    assert key_in(response) == KEY
    assert counts() == before


def test_the_same_form_twice_is_one_ticket_and_one_page(client):
    ServiceSettings.objects.update(limit_per_address_hour=1)
    first, second = client.post(URL, data()), client.post(URL, data())
    assert first.url == second.url
    assert Ticket.objects.count() == 1


def test_the_same_form_with_other_words_keeps_them_under_a_new_key(client):
    client.post(URL, data())
    response = client.post(URL, data(description="Something else broke."))
    assert response.status_code == 409
    assert "Something else broke." in text_of(response)
    key = key_in(response)
    assert key != KEY
    sent_to(client.post(URL, data(description="Something else broke.", form_key=key)))
    assert Ticket.objects.count() == 2


# Machines -----------------------------------------------------------------------------------------


def test_who_fills_the_trap_sees_a_page_and_leaves_nothing(client):
    before = counts()
    response = client.post(URL, data(second_subject="buy now"), follow=True)
    assert response.status_code == 200 and "We received your request" in text_of(response)
    assert counts() == before


def test_a_form_that_comes_back_at_once_is_asked_for_again(client):
    ServiceSettings.objects.update(min_form_seconds=30)
    response = client.post(URL, data())
    assert response.status_code == 422 and "That was quick" in text_of(response)
    assert "It is offline since the update." in text_of(response) and key_in(response) == KEY
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("signed", ["", "forged", "old"])
def test_an_old_or_forged_form_gets_a_new_key(client, monkeypatch, signed):
    if signed == "old":
        signer = signing.TimestampSigner(salt="tickets.public_form")
        monkeypatch.setattr(signing.TimestampSigner, "timestamp", lambda _self: signing.b62_encode(1_700_000_000))
        signed = signer.sign(KEY).removeprefix(f"{KEY}:")
        monkeypatch.undo()
        ServiceSettings.objects.update(min_form_seconds=3)
    response = client.post(URL, data(opened_token=signed))
    assert response.status_code == 422 and "open for a long time" in text_of(response)
    assert "It is offline since the update." in text_of(response)
    key = key_in(response)
    assert key != KEY and Ticket.objects.count() == 0


@pytest.mark.parametrize("limit", ["limit_per_address_hour", "limit_per_network_hour", "limit_per_brand_minute"])
def test_a_passed_limit_keeps_everything_and_says_when(client, limit):
    ServiceSettings.objects.update(**{limit: 1})
    client.post(URL, data())
    response = client.post(URL, data(form_key="form-key-of-a-test-0002", description="Again."))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Again." in text_of(response) and "kept here" in text_of(response)
    assert Ticket.objects.count() == 1


def test_a_forged_forwarding_header_changes_no_limit(client):
    ServiceSettings.objects.update(limit_per_network_hour=1)
    client.post(URL, data(), headers={"x-forwarded-for": "192.0.2.1"})
    again = data(form_key="form-key-of-a-test-0002", email="other@example.test")
    assert client.post(URL, again, headers={"x-forwarded-for": "198.51.100.9"}).status_code == 429


def test_behind_a_trusted_proxy_neighbours_share_a_network(client, settings):
    settings.TRUSTED_PROXIES = 1
    ServiceSettings.objects.update(limit_per_network_hour=1)
    statuses = []
    for number, address in enumerate(["192.0.2.1", "192.0.2.200", "198.51.100.1", "2001:db8::1", "2001:db8::2"]):
        sent = data(form_key=f"form-key-of-a-test-{number:04d}", email=f"p{number}@example.test")
        statuses.append(client.post(URL, sent, headers={"x-forwarded-for": f"1.1.1.1, {address}"}).status_code)
    assert statuses == [302, 429, 302, 302, 429]


def test_the_form_needs_its_csrf_token_and_the_refusal_keeps_the_text():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(URL, data(), headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "It is offline since the update." in text_of(response) and KEY not in text_of(response)
    page = text_of(strict.get(URL))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert strict.post(URL, data(csrfmiddlewaretoken=token)).status_code == 302


# Files --------------------------------------------------------------------------------------------


def test_files_without_a_script_survive_an_error_and_are_attached(client):
    first = client.post(URL, data(name="", attachments=SimpleUploadedFile("说明.txt", b"hello")))
    page = text_of(first)
    assert first.status_code == 422 and "说明.txt" in page
    token = re.search(r'name="upload_tokens" value="([^"]+)"', page)[1]
    ticket = sent_to(client.post(URL, data(upload_tokens=token)))
    message = Message.objects.get(conversation=ticket.conversation)
    assert [file.name for file in Attachment.objects.on("message", message.pk)] == ["说明.txt"]


def test_a_form_with_a_file_sent_twice_is_one_ticket(client):
    pages = [client.post(URL, data(attachments=SimpleUploadedFile("a.txt", b"hello"))) for _time in range(2)]
    assert pages[0].url == pages[1].url
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("run.exe", b"MZ", "is a program"),
        ("photo.png", b"MZ\x90\x00" + b"\0" * 60, "is a program"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_rest_stays(client, name, content, message):
    files = [SimpleUploadedFile("good.txt", b"good"), SimpleUploadedFile(name, content)]
    response = client.post(URL, data(attachments=files))
    page = text_of(response)
    assert response.status_code == 422
    assert name in page and message in page and 'href="#id_attachments"' in page
    assert "good.txt" in page and "It is offline since the update." in page


def test_a_kept_file_can_be_removed_without_a_script(client):
    page = text_of(client.post(URL, data(name="", attachments=SimpleUploadedFile("a.txt", b"hello"))))
    token = re.search(r'name="upload_tokens" value="([^"]+)"', page)[1]
    response = client.post(URL, data(name="", upload_tokens=token, remove=token))
    assert response.status_code == 200
    assert "a.txt" not in text_of(response) and "It is offline since the update." in text_of(response)
    assert Ticket.objects.count() == 0


def test_the_file_of_another_form_cannot_be_taken(client):
    page = text_of(client.post(URL, data(name="", attachments=SimpleUploadedFile("a.txt", b"hello"))))
    token = re.search(r'name="upload_tokens" value="([^"]+)"', page)[1]
    response = client.post(URL, data(form_key="form-key-of-a-test-0002", upload_tokens=token))
    assert response.status_code == 422 and "no longer there" in text_of(response)


# What nobody may learn or do ----------------------------------------------------------------------


def test_a_known_and_an_unknown_address_get_the_same_page(client):
    submit(email="known@example.test", name="Secret Canary")
    pages = []
    for number, address in enumerate(["known@example.test", "knows@example.test"]):
        response = client.post(URL, data(email=address, form_key=f"form-key-of-a-test-{number:04d}"))
        ticket = sent_to(response)
        page = text_of(client.get(response.url))
        assert "Secret Canary" not in page
        for moving in (str(ticket.number), ticket.guest_token):
            page = page.replace(moving, "…")
        pages.append(re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+"', r"\1", page))
    assert pages[0] == pages[1]


def test_a_strangers_address_gets_one_mail(client):
    for number in range(5):
        client.post(URL, data(form_key=f"form-key-of-a-test-{number:04d}"))
    assert Ticket.objects.count() == 5
    assert OutgoingMail.objects.filter(to_email="emma@example.test").count() == 1
    mail = OutgoingMail.objects.get(to_email="emma@example.test")
    assert "It is offline" not in mail.text and "Emma" not in mail.text


@pytest.mark.parametrize("extra", ["is_staff", "status", "priority", "customer", "verified_at", "brand", "actor", "id"])
def test_unknown_fields_change_nothing(client, extra):
    ticket = sent_to(client.post(URL, data(**{extra: "1"})))
    assert ticket.priority == priority_from(ticket.request_type.impact, ticket.request_type.urgency)
    assert ticket.verified_at is None and ticket.brand == Brand.default()


def test_reading_writes_nothing(client):
    before = counts()
    for address in ("/help/", URL, "/help/tickets/received/", "/help/tickets/expected/?request_type=printer"):
        assert client.get(address, follow=True).status_code == 200
    assert client.get("/help/tickets/expected/?request_type=printer", headers={"hx-request": "true"}).status_code == 200
    assert counts() == before


def test_a_long_zone_or_a_wrong_one_falls_back_to_the_brands(client):
    for number, zone in enumerate(["Mars/Base", "../../etc/passwd", "x" * 5000, "\x00", ""]):
        sent = data(timezone=zone, form_key=f"form-key-of-a-test-{number:04d}", email=f"z{number}@example.test")
        assert sent_to(client.post(URL, sent)).timezone == Brand.default().timezone


def strings():
    found = list(HOSTILE)
    if CORPUS.is_dir():
        found += json.loads((CORPUS / "blns.json").read_text())
        found += (CORPUS / "xss.txt").read_text(errors="replace").splitlines()
    return [text for text in dict.fromkeys(found) if clean_line(text)]


def send_hostile(client, texts):
    """Each text through every text field at once: stored clean, shown escaped, never an error of ours."""
    ServiceSettings.objects.update(
        limit_per_address_hour=10**6, limit_per_network_hour=10**6, limit_per_brand_minute=10**6
    )
    for number, text in enumerate(texts):
        sent = data(
            subject=text[:200], description=text, name=text[:200], form_key=f"form-key-hostile-{number:05d}",
            email=f"h{number}@example.test",
        )  # fmt: skip
        ticket = sent_to(client.post(URL, sent))
        assert ticket.subject == clean_line(text[:200])
        assert Message.objects.get(conversation=ticket.conversation).body == clean_text(text)
        page = text_of(client.get(reverse("help:ticket_track", args=[ticket.access_token])))
        assert not re.search(
            r"<(?:script|img|iframe|svg onload|body onload)", page.split("<main", 1)[1].split("</main>")[0]
        ), text


def test_hostile_text_is_stored_clean_and_shown_escaped(client):
    texts = strings()
    send_hostile(client, [*HOSTILE[:12], *texts[len(HOSTILE) :: max(1, len(texts) // 40)]])


@pytest.mark.slow
def test_all_hostile_text_is_stored_clean_and_shown_escaped(client):
    send_hostile(client, strings())


def test_hostile_text_in_the_checked_fields_is_refused_politely(client):
    for text in [*HOSTILE, *strings()[::150]]:
        for field in (
            "email",
            "phone",
            "timezone",
            "request_type",
            "form_key",
            "opened_token",
            "upload_tokens",
            "remove",
        ):
            assert client.post(URL, {**data(name=""), field: text}).status_code in {200, 422}, (field, text)
