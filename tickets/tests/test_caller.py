"""The caller: found by what they say, with their history, or made on the spot, in one form."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.core.actor import Actor, Scope
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.messaging.models import Draft
from crm.search.indexing import index_missing
from crm.testing.builders import make_team, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as holder_of
from customers.actions import update_customer
from customers.models import Contact, Customer
from customers.recognising.finding import as_new_person, find_people
from customers.tests.builders import make_contact, make_customer
from tickets.actions import create_ticket
from tickets.actions.intake import Caller
from tickets.callers import history_of, look_for
from tickets.models import Ticket
from tickets.tests.builders import answered, key, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db

AGENT = ("tickets.create", "tickets.view", "tickets.note", "customers.view", "customers.create", "customers.reveal")
URL = "/tickets/new/"


@pytest.fixture
def agent():
    return holder_of(*AGENT)


@pytest.fixture
def masked():
    """May open tickets, but not see addresses."""
    return holder_of(*(name for name in AGENT if name != "customers.reveal"))


def wang(**values):
    defaults = {"name": "王伟", "phones": ["13812345678"], "emails": ["wang.wei@acme.test"]}
    return make_contact(make_customer("上海精工"), **{**defaults, **values})


@pytest.mark.parametrize(
    "text", ["5678", "345678", "138 1234 5678", "王伟", "wangwei", "ww", "精工", "shjg", "wang.wei@", "acme"]
)
def test_a_person_is_found_by_what_they_say(agent, text):
    person = wang()
    make_contact(make_customer("Other"), name="Anna Berg", phones=["13900001111"], emails=["anna@other.test"])
    assert find_people(staff(agent), text) == [person]


@pytest.mark.parametrize(("text", "is_found"), [("5678", False), ("wang.wei@", False), ("wang.wei@acme.test", True),
                                                ("13812345678", True), ("王伟", True)])  # fmt: skip
def test_masked_addresses_are_found_only_when_said_whole(masked, text, is_found):
    person = wang()
    assert (find_people(staff(masked), text) == [person]) is is_found
    page = signed_in(masked).get(URL, {"q": text}).content.decode()
    assert "138 1234 5678" not in page


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "'", "9" * 90, "567"])
def test_words_that_mean_nobody_find_nobody(agent, text):
    wang()
    assert find_people(staff(agent), text) == []


def test_nobody_outside_the_scope_is_found():
    wang()
    assert find_people(staff(holder_of(*AGENT, scope=Scope.OWN)), "5678") == []


def test_a_ticket_number_and_words_of_a_ticket_lead_to_its_person(agent):
    ticket = submit(description="Order SO-2026-7781 arrived broken.")
    index_missing()
    for text in (f"#{ticket.number}", "SO-2026-7781"):
        lines = look_for(staff(agent), text)
        assert [line.contact for line in lines] == [ticket.contact] and str(ticket.number) in lines[0].ticket


@pytest.mark.parametrize(
    ("text", "expected"),
    [("13812345678", {"phone": "13812345678"}), ("a@b.c", {"email": "a@b.c"}), ("Li Lei", {"name": "Li Lei"})],
)
def test_what_was_looked_for_begins_a_new_person(text, expected):
    assert as_new_person(text) == expected


def test_history_puts_open_tickets_first_and_parts_nowhere(agent):
    team = make_team()
    someone = make_agent(team)
    asked = make_request_type(team=team)
    done = resolved(someone, submit(asked, email="lilei@example.test"))
    waiting = submit(asked, email="lilei@example.test")
    answered(someone, submit(asked, email="other@example.test"))
    found = history_of(staff(agent), done.contact)
    assert list(found.tickets) == [waiting, done]
    assert list(found.open) == [waiting]
    assert found.openable == {waiting.pk, done.pk}


def test_history_is_an_outline_where_tickets_are_out_of_scope():
    ticket = submit()
    reader = holder_of(*AGENT, scope=Scope.TEAM)
    found = history_of(staff(reader), ticket.contact)
    assert found.openable == frozenset()
    note = "Sees only own customers"
    update_customer(actor=Actor.system(), customer=ticket.customer, values={"note": note})
    assert note not in signed_in(reader).get(URL, {"contact": ticket.contact_id}).content.decode()


def good(**values):
    return {"request_type": make_request_type().pk, "channel": "phone", "subject": "No light", "form_key": key(),
            **values}  # fmt: skip


def test_the_unknown_caller_is_made_with_the_ticket(agent):
    values = good(name="Li Lei", phone="138 0000 9999")
    response = signed_in(agent).post(URL, values)
    ticket = Ticket.objects.get(subject="No light")
    assert response["Location"] == f"/tickets/{ticket.number}/"
    assert (ticket.contact.name, ticket.reply_phone, ticket.customer.kind) == ("Li Lei", "+8613800009999", "person")
    assert ticket.conversation.messages.get().body == "No light"
    signed_in(agent).post(URL, values)
    assert Ticket.objects.count() == Contact.objects.count() == 1


def test_a_known_number_is_not_a_second_person(agent):
    person = wang()
    signed_in(agent).post(URL, good(name="Wang", phone="13812345678"))
    assert Ticket.objects.get().contact == person and Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "field"), [({}, "id_q"), ({"name": "Li Lei"}, "id_phone"), ({"phone": "13800009999"}, "id_name"),
                         ({"name": "Li", "phone": "12"}, "id_phone"), ({"name": "Li", "email": "x"}, "id_email")],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(agent, typed, field):
    response = signed_in(agent).post(URL, good(description="Kept words", **typed))
    page = response.content.decode()
    assert response.status_code == 422 and f"#{field}" in page and "Kept words" in page
    assert not Ticket.objects.exists() and not Customer.objects.exists()


def test_who_may_not_add_customers_makes_nobody():
    user = holder_of("tickets.create", "tickets.view", "customers.view")
    assert "id_phone" not in signed_in(user).get(URL, {"q": "nobody"}).content.decode()
    assert signed_in(user).post(URL, good(name="Li", phone="13800009999")).status_code == 403
    assert not Contact.objects.exists() and not Ticket.objects.exists()


def test_without_scripts_the_buttons_find_choose_and_forget_and_words_stay(agent):
    person, client = wang(), signed_in(agent)
    typed = {"subject": "Kept subject", "description": "Kept words", "q": "5678"}
    for page in (client.post(URL, {**typed, "find": "1"}), client.post(URL, typed)):
        assert page.status_code == 200 and f'value="{person.pk}"' in page.content.decode()
        assert "Kept words" in page.content.decode()
    chosen = client.post(URL, {**typed, "pick": person.pk}).content.decode()
    assert f'name="contact" value="{person.pk}"' in chosen and "Kept subject" in chosen
    forgotten = client.post(URL, {**typed, "contact": person.pk, "forget": "1"}).content.decode()
    assert 'name="contact"' not in forgotten and "Kept words" in forgotten


def test_an_open_ticket_is_offered_and_takes_the_words_as_a_note(agent):
    ticket, client = submit(), signed_in(agent)
    page = client.get(URL, {"contact": ticket.contact_id}).content.decode()
    assert f'name="add_to" value="{ticket.number}"' in page
    response = client.post(URL, {"add_to": ticket.number, "subject": "Rang again", "description": "Still dark."})
    assert response["Location"] == f"/tickets/{ticket.number}/?compose=note#composer"
    assert Draft.objects.get(kind="note").body == "Rang again\n\nStill dark."
    assert "Still dark." in client.get(response["Location"]).content.decode()
    assert Ticket.objects.count() == 1


def test_nobody_adds_to_a_ticket_out_of_scope():
    ticket = submit()
    reader = holder_of(*AGENT, scope=Scope.TEAM)
    page = signed_in(reader).get(URL, {"contact": ticket.contact_id}).content.decode()
    assert "add_to" not in page
    assert signed_in(reader).post(URL, {"add_to": ticket.number}).status_code == 404


def test_the_fragments_hold_to_rights(agent):
    person = wang()
    people, card = reverse("tickets:caller_people"), reverse("tickets:caller_person")
    headers = {"HX-Request": "true"}
    assert "王伟" in signed_in(agent).get(people, {"q": "5678"}, headers=headers).content.decode()
    swapped = signed_in(agent).get(card, {"contact": person.pk}, headers=headers).content.decode()
    assert f'value="{person.pk}"' in swapped and "hx-swap-oob" in swapped
    outside = signed_in(holder_of(*AGENT, scope=Scope.OWN)).get(card, {"contact": person.pk}, headers=headers)
    assert "王伟" not in outside.content.decode()


def test_the_page_of_a_customer_offers_its_people(agent):
    person = wang()
    page = signed_in(agent).get(URL, {"customer": person.customer.number}).content.decode()
    assert "data-pick" in page and "王伟" in page
    assert signed_in(agent).get(URL, {"customer": 999999}).status_code == 404


def test_looking_up_costs_the_same_however_many_are_found(agent):
    counts = []
    client = signed_in(agent)
    for many in (1, 6):
        for number in range(many):
            submit(name="Zhao Lei", email=f"zhao{many}{number}@example.test")
        cache.clear()
        client.get(reverse("tickets:caller_people"), {"q": "Zhao"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("tickets:caller_people"), {"q": "Zhao"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_the_action_asks_for_a_person_and_repeats_one_form_only(agent):
    values = {"request_type": make_request_type(), "subject": "x", "description": "y", "form_key": key()}
    with pytest.raises(Invalid):
        create_ticket(actor=staff(agent), **values)
    first = create_ticket(actor=staff(agent), caller=Caller("Li", phone="13800009999"), **values)
    assert create_ticket(actor=staff(agent), caller=Caller("Li", phone="13800009999"), **values) == first
    with pytest.raises(Conflict):
        create_ticket(actor=staff(agent), caller=Caller("Han", phone="13800009998"), **values)
    with pytest.raises(NotAllowed):
        create_ticket(actor=staff(holder_of("tickets.view")), caller=Caller("Li", phone="13800009999"), **values)
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_person_and_one_ticket():
    agent, asked, form_key = holder_of(*AGENT), make_request_type(), key()
    made: list[int] = []

    def click() -> None:
        try:
            values = {"request_type": asked, "subject": "x", "description": "y", "form_key": form_key}
            made.append(create_ticket(actor=staff(agent), caller=Caller("Li", phone="13800009999"), **values).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1
    assert Contact.objects.count() == Ticket.objects.count() == 1
