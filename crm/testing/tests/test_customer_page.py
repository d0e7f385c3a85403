"""The customer's page: its figures, its timeline, and how much it asks of the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actor import Scope
from crm.core.seeding import seed
from crm.planner.selectors import agenda_of
from crm.testing.queries import queries_as_before
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from customers import actions
from customers.models import Customer, Interaction
from customers.tests.builders import SYSTEM, make_contact, make_customer
from sales.tests.deal_builders import make_deal
from tickets.models import Ticket
from tickets.tests.builders import make_request_type, submit

pytestmark = pytest.mark.django_db
READS = (
    "customers.view", "customers.update", "tickets.view", "opportunities.view", "orders.view", "payments.view",
    "planner.view",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _ready() -> None:
    seed()


def ask(customer: Customer, subject: str = "Printer is down") -> Ticket:
    """A ticket of somebody at the customer."""
    contact = make_contact(customer, phones=[])
    address = contact.identities.get()
    actions.verify_identity(actor=SYSTEM, identity=address)
    return submit(make_request_type(), email=address.value, name=contact.name, subject=subject)


def page_of(customer: Customer, **query: Any) -> str:
    return f"{reverse('customers:customer_detail', args=[customer.number])}?" + "&".join(
        f"{name}={value}" for name, value in query.items()
    )


def test_the_timeline_is_narrowed_by_kind_person_and_day() -> None:
    anna, ben, customer = person(*READS), person(*READS), make_customer("Harbour Toys")
    for user, text in ((anna, "said-by-anna"), (ben, "said-by-ben")):
        actions.log_interaction(actor=actor_for(user), customer=customer, kind="call", text=text)
    actions.add_note(actor=actor_for(ben), customer=customer, text="noted-by-ben")
    ask(customer, "asked-in-a-ticket")
    client = signed_in(anna)

    def shown(**query: Any) -> str:
        return str(client.get(page_of(customer, **query)).content.decode().split('<ol class="tl">')[-1])

    everything = shown()
    assert all(text in everything for text in ("said-by-anna", "said-by-ben", "noted-by-ben", "asked-in-a-ticket"))
    talks = shown(show="customers.talked-customers.noted")
    assert "said-by-anna" in talks and "noted-by-ben" in talks and "asked-in-a-ticket" not in talks
    of_ben = shown(who=ben.pk)
    assert "said-by-ben" in of_ben and "noted-by-ben" in of_ben and "said-by-anna" not in of_ben
    tomorrow = (clock.now() + dt.timedelta(days=2)).date()
    assert "said-by-anna" not in shown(since=tomorrow) and "said-by-anna" in shown(until=tomorrow)
    assert "said-by-anna" in shown(show="nonsense", who="x", since="never", until="9999-12-31")


def test_a_narrowed_timeline_goes_on_where_it_ended() -> None:
    anna, ben, customer = person(*READS), person(*READS), make_customer()
    for number in range(25):
        actions.add_note(actor=actor_for(anna if number % 5 else ben), customer=customer, text=f"entry-{number}-")
        actions.add_note(actor=actor_for(anna), customer=customer, text=f"other-{number}-")
    page = signed_in(ben).get(page_of(customer, who=anna.pk))
    assert "entry-0-" not in page.content.decode().split('<ol class="tl">')[-1]
    text, older = "", page.context["detail"].older_url
    while older:
        more = signed_in(ben).get(older)
        text, older = text + more.content.decode(), more.context["older_url"]
    assert "other-0-" in text and "entry-1-" in text and "entry-0-" not in text


def test_a_long_history_costs_no_more_queries() -> None:
    user = person(*READS)
    customer = make_customer("Harbour Toys")
    for number in range(40):
        actions.add_note(actor=actor_for(user), customer=customer, text=f"note {number}")
    for _number in range(4):
        ask(customer)
        make_deal(customer)
    client = signed_in(user)
    client.get(page_of(customer))
    with queries_as_before("customer_page_with_history", limit=25):
        assert client.get(page_of(customer)).status_code == 200


def test_the_headline_opens_the_records_behind_it() -> None:
    customer = make_customer("Harbour Toys")
    ticket, _other = ask(customer), ask(make_customer())
    client = signed_in(person(*READS))
    figures = dict(client.get(page_of(customer)).context["detail"].headline)
    opened = next(value for label, value in figures.items() if str(label) == "Open tickets")
    address = str(opened).split('href="')[1].split('"')[0].replace("&amp;", "&")
    found = client.get(address).content.decode()
    assert ">1</a>" in str(opened) and f'id="row-{ticket.pk}"' in found and found.count('id="row-') == 1


def test_whoever_sees_the_customer_sees_tickets_and_deals_in_outline() -> None:
    """Across departments: number, subject and state of records that they may not open."""
    reader = person("customers.view", "tickets.view", "opportunities.view", scope=Scope.OWN)
    customer = make_customer("Harbour Toys", owner=reader)
    ticket, deal = ask(customer), make_deal(customer, owner=person("customers.view"))
    client = signed_in(reader)
    assert client.get(reverse("tickets:ticket_detail", args=[ticket.number])).status_code == 404
    assert client.get(reverse("sales:opportunity_detail", args=[deal.number])).status_code == 404
    tickets = client.get(reverse("ui:panel", args=["customer", customer.pk, "tickets.open"])).content.decode()
    deals = client.get(
        reverse("ui:panel", args=["customer", customer.pk, "sales.opportunities_customer"])
    ).content.decode()
    assert "Printer is down" in tickets and reverse("tickets:ticket_detail", args=[ticket.number]) not in tickets
    assert deal.name in deals and reverse("sales:opportunity_detail", args=[deal.number]) not in deals


def test_a_talk_logged_beside_a_ticket_becomes_a_deal_and_a_lead_and_shows_both() -> None:
    user = person(*READS, "opportunities.create", "leads.create", "leads.view", "planner.work")
    client, customer = signed_in(user), make_customer("Harbour Toys")
    ticket = ask(customer)
    beside = client.get(reverse("ui:panel", args=["ticket", ticket.pk, "customers.now_ticket"])).content.decode()
    address = reverse("customers:interaction_create", args=[customer.number]) + f"?kind=call&beside=ticket:{ticket.pk}"
    assert address.replace("&", "&amp;") in beside or address in beside
    tomorrow = (clock.now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {"kind": "call", "text": "Wants a second printer", "follow_up_at": tomorrow, "follow_up": "Send prices"}
    logged = client.post(address, sent)
    assert logged.status_code == 302 and logged["Location"] == reverse("tickets:ticket_detail", args=[ticket.number])
    told = client.get(reverse("ui:timeline", args=["ticket", ticket.pk])).content.decode()
    assert "Wants a second printer" in told
    assert [task.title for task in agenda_of(actor_for(user)).next] == ["Send prices"]  # what the home page shows
    talk = Interaction.objects.get(customer=customer)
    deal = {"customer": customer.pk, "name": "Second printer", "source": "talk", "amount": "900", "currency": "CNY"}
    made = client.post(f"{reverse('sales:opportunity_create')}?from=interaction:{talk.pk}", deal)
    lead = {"name": "Wang", "email": "wang@example.test", "origin": f"interaction-{talk.pk}", "source": "phone"}
    lead["currency"] = "CNY"
    assert made.status_code == 302 and client.post(reverse("leads:lead_create"), lead).status_code == 302
    for kind, pk in (("customer", customer.pk), ("ticket", ticket.pk)):
        panel = client.get(reverse("ui:panel", args=[kind, pk, f"sales.talks_{kind}"])).content.decode()
        assert "Second printer" in panel and "Wang" in panel, kind
