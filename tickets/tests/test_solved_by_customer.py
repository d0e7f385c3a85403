"""The customer's own "It is solved"."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.activity.models import Activity
from crm.messaging.models import OutgoingMail
from tickets.models import Rating

from .builders import answered, fresh, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    kind = make_request_type("printer")
    return answered(make_agent(kind.team, name="Zhou Min"), submit(kind))


def path(ticket, token=""):
    return f"/help/tickets/{token or ticket.access_token}/"


def test_it_is_asked_once_more_and_opening_writes_nothing(client, ticket):
    assert "solved/" in client.get(path(ticket)).content.decode()
    assert "Yes, it is solved" in client.get(f"{path(ticket)}solved/").content.decode()
    assert fresh(ticket).resolved_at is None


def test_it_solves_the_ticket_and_asks_for_a_rating(client, ticket):
    letters = OutgoingMail.objects.count()
    answer = client.post(f"{path(ticket)}solved/")
    rating = Rating.objects.get()
    assert answer["Location"] == f"/rate/{rating.token}/" and rating.score is None
    row = fresh(ticket)
    assert (row.status.category, row.cause, row.solution) == ("resolved", "", "")
    assert row.verified_at and OutgoingMail.objects.count() == letters
    told = Activity.objects.get(type=1510)
    assert told.actor_label == "Li Lei" and told.actor_id == ticket.contact_id
    assert client.post(f"{path(ticket)}solved/").status_code == 302
    assert Activity.objects.filter(type=1510).count() == 1
    assert "solved/" not in client.get(path(ticket)).content.decode()
    assert client.get(f"{path(ticket)}solved/").status_code == 302


def test_writing_opens_it_again(client, ticket):
    client.post(f"{path(ticket)}solved/")
    client.post(f"{path(ticket)}reply/", {"body": "It came back.", "form_key": "k" * 20})
    assert fresh(ticket).cycle == 2 and fresh(ticket).resolved_at is None
    client.post(f"{path(ticket)}solved/")
    assert Rating.objects.filter(cycle=2).exists()


def test_after_our_solution_nothing_changes(client, ticket):
    row = resolved(make_agent(ticket.team), ticket)
    client.post(f"{path(ticket)}solved/")
    assert fresh(ticket).solution == row.solution and Activity.objects.filter(type=1510).count() == 1


def test_the_guests_link_solves_nothing(client, ticket):
    for call in (client.get, client.post):
        assert call(f"{path(ticket, ticket.guest_token)}solved/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(f"{path(ticket)}solved/").status_code == 403
    assert fresh(ticket).resolved_at is None
