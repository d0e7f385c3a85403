"""A ticket made on a deal's page: linked both ways, and only where both are the same customer's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.core.seeding import seed
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from customers.models import Link
from customers.tests.builders import make_contact, make_customer
from sales.tests.deal_builders import make_deal
from tickets.models import Ticket
from tickets.tests.builders import key, make_request_type

pytestmark = pytest.mark.django_db
READS = ("customers.view", "tickets.view", "tickets.create", "opportunities.view")


def test_a_ticket_is_made_from_a_deal_and_each_shows_the_other() -> None:
    seed()
    customer = make_customer("Granite")
    caller, deal = make_contact(customer), make_deal(customer, name="Line four")
    stranger = make_contact(make_customer("Somebody else"))
    client = signed_in(person(*READS))
    beside_deal = reverse("ui:panel", args=["opportunity", deal.pk, "tickets.of_deal"])
    name = f"opportunity:{deal.pk}"
    assert f"/tickets/new/?customer={customer.number}&amp;from={name}" in client.get(beside_deal).content.decode()
    page = client.get("/tickets/new/", {"customer": customer.number, "from": name}).content.decode()
    assert "Line four" in page and f'name="from" value="{name}"' in page
    typed = {"request_type": make_request_type().pk, "subject": "Cable missing", "channel": "phone"}
    for contact in (caller, stranger):
        sent = client.post("/tickets/new/", {**typed, "from": name, "contact": contact.pk, "form_key": key()})
        assert sent.status_code == 302
    ticket, other = Ticket.objects.order_by("pk")
    assert Link.objects.get().target_id == ticket.pk, "the stranger's ticket has nothing to do with the deal"
    shown = client.get(beside_deal, headers={"hx-request": "true"}).content.decode()
    assert "Cable missing" in shown and ticket.label in shown and other.label not in shown
    beside_ticket = reverse("ui:panel", args=["ticket", ticket.pk, "sales.opportunities_ticket"])
    assert "Line four" in client.get(beside_ticket).content.decode()
    assert client.get("/tickets/new/", {"from": "opportunity:999999"}).status_code == 200
