"""Following a ticket by its links, answering there, and rating."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.files.models import Attachment
from crm.messaging.models import Message, OutgoingMail
from crm.testing.builders import staff
from customers.models import Identity
from tickets.actions import add_note, rate_ticket
from tickets.models import Rating, Ticket, TicketFacts

from .builders import answered, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_request_type("printer", name="Printer")


@pytest.fixture
def agent(kind):
    return make_agent(kind.team, name="Zhou Min")


@pytest.fixture
def ticket(kind):
    return submit(kind)


def track(ticket, token=""):
    return f"/help/tickets/{token or ticket.access_token}/"


def text_of(response) -> str:
    return response.content.decode()


def snapshot(ticket):
    fresh = Ticket.objects.get(pk=ticket.pk)
    rows = [model.objects.count() for model in (Activity, Message, OutgoingMail, Rating, Identity)]
    return rows, fresh.updated_at, fresh.verified_at, list(Rating.objects.values_list("score", "updated_at"))


def test_the_mailed_link_shows_the_conversation_and_no_note(client, ticket, agent):
    ticket = answered(agent, ticket, "Switch off power saving.")
    add_note(actor=staff(agent), ticket=ticket, body="CANARY of a note", form_key="note-key-0000000001")
    page = text_of(client.get(track(ticket)))
    assert "It is offline since the update." in page and "Switch off power saving." in page
    assert "Zhou Min" in page and "In progress" in page and 'aria-current="step"' in page
    assert "CANARY" not in page and ticket.guest_token not in page


def test_the_page_speaks_the_tickets_language_until_another_is_chosen(client, kind):
    ticket = submit(kind, language="zh-hans", timezone="Europe/London")
    page = client.get(track(ticket), headers={"accept-language": "en"})
    assert 'lang="zh-Hans"' in text_of(page) and page["Content-Language"] == "zh-Hans"
    assert "Europe/London" in text_of(page)
    client.post("/preferences/", {"language": "en", "next": track(ticket)})
    assert '<html lang="en"' in text_of(client.get(track(ticket)))


def test_secret_pages_are_kept_and_listed_nowhere(client, ticket, agent):
    resolved(agent, ticket)
    rating = Rating.objects.get()
    for address in (
        track(ticket),
        f"/help/tickets/sent/{ticket.guest_token}/",
        f"/rate/{rating.token}/",
        track(ticket, "no"),
    ):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


def test_opening_writes_nothing(client, ticket, agent):
    resolved(agent, answered(agent, ticket))
    rating = Rating.objects.get()
    before = snapshot(ticket)
    for address in (
        track(ticket), f"{track(ticket)}confirm/", f"{track(ticket)}reply/", f"/rate/{rating.token}/?score=5",
        f"/rate/{rating.token}/?score=99", f"/help/tickets/sent/{ticket.guest_token}/",
        track(ticket, ticket.guest_token),
    ):  # fmt: skip
        client.get(address)
        client.head(address)
    assert snapshot(ticket) == before


def test_confirming_says_once_that_the_address_wants_our_mails(client, ticket):
    """Whose address it is, only a code or a signed answer proves: somebody else may have typed it."""
    assert "Confirm that this is my address" in text_of(client.get(track(ticket)))
    fragment = client.post(f"{track(ticket)}confirm/", headers={"hx-request": "true"})
    assert "Your address is confirmed." in text_of(fragment)
    first = Ticket.objects.get().verified_at
    assert first is not None and Identity.objects.get().verified_at is None
    client.post(f"{track(ticket)}confirm/")
    assert Ticket.objects.get().verified_at == first
    assert "Confirm that this is my address" not in text_of(client.get(track(ticket)))


def test_confirming_needs_the_csrf_token(ticket):
    assert Client(enforce_csrf_checks=True).post(f"{track(ticket)}confirm/").status_code == 403
    assert Ticket.objects.get().verified_at is None


def test_who_did_not_prove_the_address_sees_only_their_own_words(client, kind, agent):
    earlier = submit(kind, email="known@example.test", name="CANARY Person", subject="CANARY earlier")
    answered(agent, earlier, "CANARY answer")
    ticket = submit(kind, email="known@example.test", name="Stranger", description="What I typed")
    ticket = answered(agent, ticket, "CANARY reply")
    page = text_of(client.get(track(ticket, ticket.guest_token)))
    assert ticket.label in page and "What I typed" in page and "open the link in our email" in page
    for secret in ("CANARY", "Zhou Min", ticket.access_token, earlier.label, "known@example.test", "<textarea"):
        assert secret not in page
    sent = text_of(client.get(f"/help/tickets/sent/{ticket.guest_token}/"))
    assert "CANARY" not in sent and ticket.access_token not in sent


def test_the_guests_link_still_shows_no_answers_once_the_address_is_proved(client, ticket, agent):
    answered(agent, ticket, "CANARY reply")
    client.post(f"{track(ticket)}confirm/")
    assert "CANARY" not in text_of(client.get(track(ticket, ticket.guest_token)))


def test_the_guests_link_can_do_nothing(client, ticket):
    for verb in ("reply", "confirm"):
        response = client.post(f"{track(ticket, ticket.guest_token)}{verb}/", {"body": "Hello"})
        assert response.status_code == 404 and "shows that the address is yours" in text_of(response)
    assert Message.objects.count() == 1 and Ticket.objects.get().verified_at is None


def test_a_phone_alone_opens_the_ticket_by_the_link_that_was_shown(client, kind, agent):
    ticket = answered(agent, submit(kind, email="", phone="13812345678"), "We call you at ten.")
    page = text_of(client.get(track(ticket, ticket.guest_token)))
    assert "We call you at ten." in page and "<textarea" in page
    response = client.post(f"{track(ticket, ticket.guest_token)}reply/", {"body": "Fine", "form_key": "k" * 20})
    assert response.status_code == 302 and Ticket.objects.get().verified_at is None


@pytest.mark.parametrize("token", ["x", "no-such-token-0123456789", "..", "a" * 400, "<script>"])
def test_a_wrong_link_says_what_to_do(client, token):
    for address in (
        f"/help/tickets/{token}/",
        f"/help/tickets/sent/{token}/",
        f"/rate/{token}/",
        f"/help/tickets/{token}/reply/",
    ):
        response = client.get(address, follow=True)
        assert response.status_code == 404, address
        assert "/help/tickets/new/" in text_of(response)


def test_a_deleted_ticket_is_a_wrong_link(client, ticket):
    Ticket.objects.update(deleted_at=ticket.created_at)
    assert client.get(track(ticket)).status_code == 404


# Answering ----------------------------------------------------------------------------------------


def test_an_answer_arrives_once_and_proves_the_address(client, ticket):
    sent = {"body": "It happened again.", "form_key": "reply-key-0000000001"}
    for _time in range(2):
        file = SimpleUploadedFile("log.txt", b"log")
        assert client.post(f"{track(ticket)}reply/", {**sent, "attachments": file}).status_code == 302
    message = Message.objects.get(body="It happened again.")
    assert Attachment.objects.on("message", message.pk).count() == 1
    assert TicketFacts.objects.get().customer_messages == 2
    assert Ticket.objects.get().verified_at is not None
    page = text_of(client.get(track(ticket)))
    assert "We have your message." in page
    address = re.search(r'class="app-file" href="([^"]+)"', page)[1]
    assert b"".join(client.get(address).streaming_content) == b"log"


def test_an_empty_answer_is_refused_and_its_files_stay(client, ticket):
    response = client.post(
        f"{track(ticket)}reply/", {"body": " ", "attachments": SimpleUploadedFile("log.txt", b"log")}
    )
    assert response.status_code == 422
    assert text_of(response).count("Write the message first.") == 2 and "log.txt" in text_of(response)


def test_too_many_answers_keep_the_text(client, ticket, monkeypatch):
    monkeypatch.setattr("tickets.views.public.tracking.REPLIES_PER_HOUR", 1)
    statuses = [
        client.post(f"{track(ticket)}reply/", {"body": f"Word {number}", "form_key": f"reply-key-{number:010d}"})
        for number in range(2)
    ]
    assert statuses[0].status_code == 302
    assert statuses[1].status_code == 429 and "Word 1" in text_of(statuses[1]) and statuses[1]["Retry-After"]


def test_the_same_key_with_other_words_asks_again(client, ticket):
    client.post(f"{track(ticket)}reply/", {"body": "One", "form_key": "reply-key-0000000001"})
    response = client.post(f"{track(ticket)}reply/", {"body": "Two", "form_key": "reply-key-0000000001"})
    assert response.status_code == 409 and ">\nTwo</textarea>" in text_of(response)
    assert "reply-key-0000000001" not in text_of(response)


def test_an_answer_opens_a_solved_ticket_again(client, ticket, agent):
    resolved(agent, ticket)
    page = text_of(client.get(track(ticket)))
    assert "This is solved." in page and "opens this ticket again" in page and "Rate our help" in page
    client.post(f"{track(ticket)}reply/", {"body": "It is back.", "form_key": "reply-key-0000000001"})
    fresh = Ticket.objects.get()
    assert (fresh.cycle, fresh.resolved_at) == (2, None)
    assert "It is with us now." in text_of(client.get(track(ticket)))


# Rating -------------------------------------------------------------------------------------------


@pytest.fixture
def rating(ticket, agent):
    resolved(agent, ticket)
    return Rating.objects.get()


def test_a_click_in_the_mail_chooses_the_score(client, rating):
    page = text_of(client.get(f"/rate/{rating.token}/?score=4"))
    assert re.search(r'value="4"[^>]*checked', page) and 'hx-trigger="load, submit"' in page
    assert client.post(f"/rate/{rating.token}/", {"score": "4"}).status_code == 302
    page = text_of(client.get(f"/rate/{rating.token}/?score=4"))
    assert "your rating is stored" in page and "hx-trigger" not in page


def test_a_rating_can_be_changed_and_explained(client, rating):
    client.post(f"/rate/{rating.token}/", {"score": "4"})
    client.post(f"/rate/{rating.token}/", {"score": "2", "comment": "Slow <b>"})
    fresh = Rating.objects.get()
    assert (fresh.score, fresh.comment) == (2, "Slow <b>")
    assert "Slow &lt;b&gt;" in text_of(client.get(f"/rate/{rating.token}/"))


@pytest.mark.parametrize("score", ["", "0", "6", "abc", "4.5", "\x00", "４"])
def test_no_other_score_is_taken(client, rating, score):
    response = client.post(f"/rate/{rating.token}/", {"score": score, "comment": "Kept words"})
    assert response.status_code == 422
    assert text_of(response).count("Choose one to five stars") == 2 and "Kept words" in text_of(response)
    assert Rating.objects.get().score is None


def test_a_ticket_that_is_open_again_cannot_be_rated(client, rating, ticket):
    client.post(f"{track(ticket)}reply/", {"body": "It is back.", "form_key": "reply-key-0000000001"})
    assert "This ticket is open again." in text_of(client.get(f"/rate/{rating.token}/?score=5"))
    response = client.post(f"/rate/{rating.token}/", {"score": "5"})
    assert response.status_code == 409 and Rating.objects.get(pk=rating.pk).score is None


def test_the_rating_stands_where_the_customer_reads(client, rating, ticket):
    rate_ticket(actor=Actor.contact(ticket.contact_id, "Li Lei"), rating=rating, score=5)
    assert "Change your rating" in text_of(client.get(track(ticket)))
