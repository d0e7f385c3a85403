"""A colleague asks another department, signed in, and follows it there as a customer would."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.models import User
from crm.core.actor import Actor, Scope
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.models import Brand
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import make_team, make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as holder_of
from customers.actions import contact_of_colleague
from customers.models import Contact, Customer, Identity
from customers.tests.builders import make_contact
from tickets.actions import accept_ticket, add_note, change_status, reply, resolve_ticket, submit_request
from tickets.models import Rating, Request, Ticket
from tickets.tests.builders import deliver, fresh, key, make_agent, make_request_type, status, submit

pytestmark = pytest.mark.django_db
LIST, CHOOSE = "/requests/", "/requests/new/"


@pytest.fixture
def it():
    """The IT team with what colleagues may ask it."""
    team = make_team("IT")
    return {
        "team": team,
        "agent": make_agent(team, name="Sun Lei"),
        "type": make_request_type("it-help", team=team, name="IT help", audiences=["employees"]),
    }


@pytest.fixture
def li_na():
    """A colleague without any agent role."""
    return make_user("employee", name="Li Na")


def ask(user, it, **values):
    defaults = {"subject": "No network", "description": "Since this morning.", "form_key": key()}
    return submit_request(actor=staff(user), request_type=it["type"], **{**defaults, **values})


def test_the_first_request_makes_the_colleague_a_person_of_the_own_company(li_na, it):
    User.objects.filter(pk=li_na.pk).update(language="zh-hans", timezone="Europe/Berlin")
    ticket = ask(li_na, it)
    contact = Contact.objects.get(user=li_na)
    assert ticket.contact == contact and ticket.customer.is_internal
    assert ticket.customer.name == Brand.default().name.in_language(Brand.default().language)
    assert (ticket.language, ticket.timezone, ticket.reply_email) == ("zh-hans", "Europe/Berlin", li_na.email)
    assert ticket.verified_at is not None and ticket.created_by_id is None and ticket.team == it["team"]
    ask(li_na, it, subject="Again")
    assert Contact.objects.count() == Customer.objects.count() == 1


def test_name_and_language_follow_the_user(li_na):
    contact_of_colleague(actor=staff(li_na))
    User.objects.filter(pk=li_na.pk).update(name="Li Na-Wang", language="zh-hans")
    again = contact_of_colleague(actor=staff(User.objects.get(pk=li_na.pk)))
    assert (again.name, again.language) == ("Li Na-Wang", "zh-hans")


def test_a_customer_s_address_stays_theirs(li_na):
    theirs = make_contact(emails=[li_na.email])
    mine = contact_of_colleague(actor=staff(li_na))
    assert mine != theirs
    assert Identity.objects.get(value=li_na.email).contact == theirs


@pytest.mark.parametrize("nobody", [Actor.guest(), Actor.contact(1, "x"), Actor.system()])
def test_only_staff_ask_so(nobody, it):
    with pytest.raises(NotFound):
        submit_request(actor=nobody, request_type=it["type"], subject="x", description="y", form_key=key())


def test_what_colleagues_are_not_offered_cannot_be_asked(li_na, it):
    public = make_request_type("public-only", audiences=["public"])
    with pytest.raises(Invalid):
        ask(li_na, {**it, "type": public})
    client = signed_in(li_na)
    page = client.get(CHOOSE).content.decode()
    assert "IT help" in page and "public-only" not in page.lower()
    assert client.get(f"{CHOOSE}public-only/").status_code == 404
    assert not Ticket.objects.exists()


def test_a_colleague_without_rights_asks_follows_answers_and_rates(li_na, it):
    """The whole way through pages."""
    client = signed_in(li_na)
    assert "app-empty" in client.get(LIST).content.decode()
    sent = {"subject": "No network", "description": "Since this morning.", "form_key": key()}
    response = client.post(f"{CHOOSE}it-help/", sent)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/requests/{ticket.number}/"
    assert "No network" in client.get(LIST).content.decode()
    agent = staff(it["agent"])
    accept_ticket(actor=agent, ticket=ticket)
    add_note(actor=agent, ticket=ticket, body="Probably the cable again.", form_key=key())
    reply(actor=agent, ticket=ticket, body="Try another socket.", form_key=key())
    page = client.get(f"{LIST}{ticket.number}/").content.decode()
    assert "Try another socket." in page and "Probably the cable again." not in page
    assert f"/tickets/{ticket.number}/" not in page
    assert client.post(f"{LIST}{ticket.number}/reply/", {"body": " ", "form_key": key()}).status_code == 422
    assert client.post(f"{LIST}{ticket.number}/reply/", {"body": "Better.", "form_key": key()}).status_code == 302
    assert fresh(ticket).customer_waits
    assert client.post(f"{LIST}{ticket.number}/solved/").status_code == 302
    assert fresh(ticket).status.category == "resolved"
    assert client.post(f"{LIST}{ticket.number}/rate/", {"score": "9"}).status_code == 422
    assert client.post(f"{LIST}{ticket.number}/rate/", {"score": "5", "comment": "Quick"}).status_code == 302
    assert Rating.objects.get(ticket=ticket).score == 5
    client.post(f"{LIST}{ticket.number}/reply/", {"body": "Gone again.", "form_key": key()})
    assert fresh(ticket).status.category == "open"


def test_nobody_else_s_request_is_there_however_many_rights(li_na, it):
    ticket = ask(li_na, it)
    boss = holder_of("tickets.view", "tickets.manage", scope=Scope.ALL)
    for user in (boss, make_user("employee")):
        client = signed_in(user)
        assert client.get(f"{LIST}{ticket.number}/").status_code == 404
        for verb in ("reply", "solved", "rate"):
            assert client.post(f"{LIST}{ticket.number}/{verb}/", {"body": "x", "score": 5}).status_code == 404
        assert "No network" not in client.get(LIST).content.decode()
    assert fresh(ticket).status.category == "new"


def test_a_customer_s_ticket_is_no_request(li_na, it):
    contact_of_colleague(actor=staff(li_na))
    ticket = submit(it["type"] if "public" in it["type"].audiences else make_request_type())
    assert signed_in(li_na).get(f"{LIST}{ticket.number}/").status_code == 404
    assert not Request.objects.visible_to(Actor.contact(ticket.contact_id, "x")).exists()


def test_an_agent_who_asks_sees_no_more_than_any_colleague(it):
    agent = make_agent(make_team("Front desk"), name="Zhou Min")
    ticket = ask(agent, it)
    add_note(actor=staff(it["agent"]), ticket=ticket, body="Between us.", form_key=key())
    assert not Ticket.objects.visible_to(staff(agent)).filter(pk=ticket.pk).exists()
    client = signed_in(agent)
    assert "Between us." not in client.get(f"{LIST}{ticket.number}/").content.decode()
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404


def test_the_bell_and_the_mail_tell_of_answers_and_lead_to_the_request(li_na, it):
    ticket = ask(li_na, it)
    agent = staff(it["agent"])
    reply(actor=agent, ticket=ticket, body="Try another socket.", form_key=key())
    change_status(actor=agent, ticket=fresh(ticket), status=status("waiting_customer"))
    resolve_ticket(actor=agent, ticket=ticket, cause="other", solution="Socket replaced.")
    deliver()
    lines = Notification.objects.filter(user=li_na)
    assert {line.kind for line in lines} == {"tickets.request_answered", "tickets.request_moved"}
    assert {line.url for line in lines} == {f"/requests/{ticket.number}/"}
    listed = signed_in(li_na).get(reverse("notifications:notification_list")).content.decode()
    assert "No network" in listed and f"/requests/{ticket.number}/" in listed
    mails = OutgoingMail.objects.filter(to_email=li_na.email)
    assert mails.exists() and all(f"/requests/{ticket.number}/" in mail.text for mail in mails)
    assert not any(ticket.access_token in mail.text for mail in mails)


def test_one_s_own_answer_rings_no_bell(it):
    """An agent of the team who asked their own team and answers it."""
    agent = it["agent"]
    ticket = ask(agent, it)
    reply(actor=staff(agent), ticket=ticket, body="I found it.", form_key=key())
    deliver()
    assert not Notification.objects.filter(user=agent, kind="tickets.request_answered").exists()


def test_lists_and_search_of_customers_leave_the_own_company_out(li_na, it):
    ticket = ask(li_na, it)
    viewer = signed_in(holder_of("customers.view", "tickets.view", scope=Scope.ALL))
    listed = viewer.get(reverse("customers:customer_list"), {"own": "1"}).content.decode()
    assert f"/customers/{ticket.customer.number}/" not in listed
    assert viewer.get(f"/customers/{ticket.customer.number}/").status_code == 200


def test_every_member_of_staff_has_the_entry(li_na):
    assert 'href="/requests/"' in signed_in(li_na).get("/").content.decode()


def test_bad_input_stays_on_the_page(li_na, it):
    url = f"{CHOOSE}it-help/"
    response = signed_in(li_na).post(url, {"subject": "", "description": "Kept words", "form_key": key()})
    page = response.content.decode()
    assert response.status_code == 422 and "error-summary" in page and "Kept words" in page
    assert not Contact.objects.exists()


def test_the_same_form_asks_once(li_na, it):
    form_key = key()
    assert ask(li_na, it, form_key=form_key) == ask(li_na, it, form_key=form_key)
    with pytest.raises(Conflict):
        ask(li_na, it, form_key=form_key, subject="Other")


def test_the_list_costs_the_same_however_long(li_na, it):
    client, counts = signed_in(li_na), []
    for many in (1, 8):
        for _number in range(many):
            ask(li_na, it)
        client.get(LIST)  # warms what is kept per process
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.mark.django_db(transaction=True)
def test_two_first_requests_at_one_moment_make_one_person(it, li_na):
    made: list[int] = []

    def click() -> None:
        try:
            made.append(ask(li_na, it).contact_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and len(set(made)) == 1
    assert Customer.objects.filter(is_internal=True).count() == 1
