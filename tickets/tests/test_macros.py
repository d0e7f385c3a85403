"""Macros: all steps or none, with the rights of whoever runs them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.activity.models import Activity
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.sockets import activity_types
from crm.core.translated import Translated
from crm.messaging.models import Message, OutgoingMail
from crm.testing.suites import signed_in
from crm.testing.suites import staff as user_with
from tickets.actions import accept_ticket, run_macro, save_canned_reply, save_macro
from tickets.choices import Priority
from tickets.exceptions import MacroStopped
from tickets.models import Macro, Ticket

from .builders import digest, fresh, key, make_agent, make_request_type, make_team, make_user, staff, status, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent(make_team(), name="Han Mei")


@pytest.fixture
def supervisor():
    return make_user("supervisor")


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team), language="en")


def canned(writer, **values):
    texts = {
        "name": Translated({"en": "Ask for a log"}),
        "body": Translated({"en": "Please send the log, {{agent.name}}"}),
    }
    return save_canned_reply(actor=staff(writer), values={**texts, "user": writer, **values})


def macro(writer, name="Log", **values):
    """A macro saved by that user: their own unless `user` says otherwise."""
    return save_macro(actor=staff(writer), values={"name": Translated({"en": name}), "user": writer, **values})


def run(user, ticket, chosen, form_key=""):
    return run_macro(actor=staff(user), ticket=ticket, macro=chosen, form_key=form_key or key())


def test_all_steps_happen_in_order(agent, ticket):
    text = canned(agent)
    chosen = macro(agent, takes=True, priority=Priority.HIGH, reply=text, note=text, status=status("waiting_customer"))
    run(agent, ticket, chosen)
    ticket = fresh(ticket)
    said = Message.objects.filter(conversation=ticket.conversation).order_by("pk").values_list("direction", "body")
    assert (ticket.assignee, ticket.priority, ticket.status.key) == (agent, Priority.HIGH, "waiting_customer")
    assert list(said)[1:] == [
        ("internal", "Please send the log, Han Mei"), ("outbound", "Please send the log, Han Mei"),
    ]  # fmt: skip
    assert OutgoingMail.objects.filter(template="tickets.reply").count() == 1
    assert Activity.objects.filter(type=activity_types["tickets.macro_run"].code).count() == 1


def test_one_step_that_cannot_be_done_stops_all(agent, ticket):
    colleague = make_agent(agent.memberships.get().team, name="Li Hua")
    accept_ticket(actor=staff(colleague), ticket=ticket)
    text = canned(agent)
    chosen = macro(agent, priority=Priority.URGENT, reply=text, status=status("in_progress"))
    Ticket.objects.filter(pk=ticket.pk).update(status=status("closed"))
    closed_only = macro(agent, name="Hold", priority=Priority.URGENT, reply=text, status=status("on_hold"))
    before = digest()
    with pytest.raises(MacroStopped, match="Set the status to On hold"):
        run(agent, ticket, closed_only)
    assert digest() == before
    assert run(agent, ticket, chosen).pk == ticket.pk


def test_the_rights_are_those_of_whoever_runs_it(ticket, supervisor):
    chosen = macro(supervisor, user=None, priority=Priority.URGENT)
    reader = user_with("tickets.view", "tickets.reply")
    before = digest()
    with pytest.raises(MacroStopped):
        run_macro(actor=staff(reader), ticket=ticket, macro=chosen, form_key=key())
    assert digest() == before


def test_a_step_whose_status_was_switched_off_is_named(agent, ticket):
    chosen = macro(agent, status=status("on_hold"))
    type(chosen.status).objects.filter(pk=chosen.status_id).update(is_active=False)
    with pytest.raises(MacroStopped, match="switched off"):
        run(agent, ticket, chosen)


def test_sending_the_form_twice_runs_once(agent, ticket):
    chosen = macro(agent, reply=canned(agent))
    run(agent, ticket, chosen, "one-and-the-same")
    run(agent, ticket, chosen, "one-and-the-same")
    assert OutgoingMail.objects.filter(template="tickets.reply").count() == 1


def test_handing_over_comes_last_and_may_leave_the_scope(agent, ticket):
    other = make_team()
    chosen = macro(agent, takes=True, note=canned(agent), hand_to=other)
    url = reverse("tickets:ticket_macro", args=[ticket.number])
    response = signed_in(agent).post(url, {"macro": chosen.pk, "form_key": key()})
    assert response.url == reverse("tickets:ticket_list")
    assert fresh(ticket).team == other


def test_another_s_ticket_or_macro_is_not_there(agent, ticket):
    chosen = macro(agent, takes=True)
    colleague = make_agent(agent.memberships.get().team)
    with pytest.raises(NotFound):
        run(colleague, ticket, chosen)
    with pytest.raises(NotFound):
        run(agent, submit(), chosen)


def test_a_macro_needs_a_step_and_a_shared_one_shared_texts(agent, supervisor):
    with pytest.raises(Invalid):
        macro(agent)
    with pytest.raises(Invalid) as caught:
        macro(supervisor, user=None, reply=canned(supervisor))
    assert set(caught.value.fields) == {"reply"}
    with pytest.raises(NotAllowed):
        macro(agent, user=None, takes=True)


def test_the_page_offers_it_with_what_it_does_and_says_what_stopped_it(agent, ticket):
    chosen = macro(agent, takes=True, status=status("on_hold"))
    client = signed_in(agent)
    url = reverse("tickets:ticket_detail", args=[ticket.number])
    assert "Assign to me · Set the status to On hold" in client.get(url).content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(status=status("closed"))
    answer = client.post(reverse("tickets:ticket_macro", args=[ticket.number]), {"macro": chosen.pk}, follow=True)
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.parametrize("chosen", ["", "999999", "x"])
def test_no_such_macro(agent, ticket, chosen):
    url = reverse("tickets:ticket_macro", args=[ticket.number])
    assert signed_in(agent).post(url, {"macro": chosen}).status_code == 404


def test_the_list_says_what_each_does(agent, supervisor):
    macro(supervisor, user=None, team=agent.memberships.get().team, priority=Priority.URGENT)
    page = signed_in(agent).get(reverse("desk:macro_list")).content.decode()
    assert "Set the priority to Urgent" in page


def test_an_agent_makes_their_own_by_the_form(agent):
    client = signed_in(agent)
    assert client.post(reverse("desk:macro_create"), {"name_en": "Take", "order": "1"}).status_code == 422
    data = {"name_en": "Take", "name_zh_hans": "受理", "takes": "on", "order": "1", "is_active": "on"}
    assert client.post(reverse("desk:macro_create"), data).status_code == 302
    assert (Macro.objects.get().user, Macro.objects.get().takes) == (agent, True)
