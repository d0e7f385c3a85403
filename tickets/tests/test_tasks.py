"""Tasks on tickets and customers: whose, from where, and what follows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from crm.activity.selectors import timeline
from crm.conditions.language import evaluate_many, parse
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.sockets import handovers
from crm.notifications.models import Notification
from crm.planner.actions import add_task, finish_task
from crm.planner.models import Task
from crm.planner.sweeps import remind_due
from crm.testing.builders import make_team, make_user, staff
from tickets.models import Ticket

from .builders import deliver, make_agent, make_request_type, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    return submit(make_request_type(team=make_team()))


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_one_task_a_source(ticket: Ticket) -> None:
    first = add_task(actor=Actor.system(), subject=ticket, title="Call back", kind="call", source_key="sms:1")
    again = add_task(actor=Actor.system(), subject=ticket, title="Call back", kind="call", source_key="sms:1")
    other = submit()
    assert again.pk == first.pk
    assert add_task(actor=Actor.system(), subject=other, title="Call", source_key="sms:1").pk != first.pk


def test_a_task_is_seen_by_holder_team_and_whoever_sees_the_record(ticket: Ticket) -> None:
    task = add_task(actor=Actor.system(), subject=ticket, title="Look at the log", team=make_team())
    mate, stranger, executive = make_agent(ticket.team), make_agent(make_team()), make_user("executive")
    of_task_team = make_agent(task.team)
    seen = {user.pk for user in (mate, stranger, executive, of_task_team)
            if Task.objects.visible_to(staff(user)).filter(pk=task.pk).exists()}  # fmt: skip
    assert seen == {mate.pk, executive.pk, of_task_team.pk}
    assert not Task.objects.visible_to(Actor.contact(ticket.contact_id, "x")).exists()


def test_nobody_hangs_a_task_on_a_record_they_do_not_see(ticket: Ticket) -> None:
    with pytest.raises(NotFound):
        add_task(actor=staff(make_agent(make_team())), subject=ticket, title="Peek")


def test_a_holder_who_may_not_see_the_record_reads_the_task_but_not_the_record(ticket: Ticket) -> None:
    holder = make_agent(make_team())
    task = add_task(actor=Actor.system(), subject=ticket, title="Bring the spare part", assignee=holder)
    page = client_of(holder).get(reverse("planner:task_detail", args=[task.pk])).content.decode()
    assert "Bring the spare part" in page and "A record you may not open" in page
    assert ticket.subject not in page


def test_two_clicks_on_the_ticket_page(ticket: Ticket) -> None:
    agent = make_agent(ticket.team)
    client, about = client_of(agent), f"ticket:{ticket.pk}"
    url = reverse("ui:panel", args=["ticket", ticket.pk, "planner.tasks.ticket"])
    assert "Nothing to do here" in client.get(url, HTTP_HX_REQUEST="true").content.decode()
    added = client.post(
        reverse("planner:task_add"), {"about": about, "title": "Call at four", "soon": "0"}, HTTP_HX_REQUEST="true"
    )
    assert "Call at four" in added.content.decode() and "Today" in added.content.decode()
    task = Task.objects.get()
    assert task.assignee == agent and task.object_id == ticket.pk
    plain = client.post(reverse("planner:task_tick", args=[task.pk]))
    assert plain.status_code == 302 and plain["Location"] == f"/tickets/{ticket.number}/"
    assert Task.objects.get().is_done
    empty = client.post(reverse("planner:task_add"), {"about": about, "title": " "}, HTTP_HX_REQUEST="true")
    assert empty.status_code == 422 and "Say what has to be done" in empty.content.decode()
    other = submit(make_request_type(team=make_team()))
    refused = client.post(reverse("planner:task_add"), {"about": f"ticket:{other.pk}", "title": "No"})
    assert refused.status_code == 404


def test_the_customers_timeline_tells_of_it_to_who_sees_the_task(ticket: Ticket) -> None:
    add_task(actor=Actor.system(), subject=ticket, title="Check the invoice")
    seen = timeline(staff(make_agent(ticket.team)), ticket.customer)
    assert any("Check the invoice" in entry.sentence for entry in seen.entries)
    hidden = timeline(staff(make_agent(make_team())), ticket.customer)
    assert not any("Check the invoice" in entry.sentence for entry in hidden.entries)


def test_holders_hear_of_new_due_and_finished_tasks_but_not_of_their_own_deeds(ticket: Ticket) -> None:
    author, holder = make_agent(ticket.team), make_agent(ticket.team)
    at = clock.now() + dt.timedelta(hours=1)
    task = add_task(actor=staff(author), subject=ticket, title="Ask the vendor", assignee=holder, due_at=at)
    add_task(actor=staff(author), subject=ticket, title="My own", assignee=author)
    deliver()
    assert [n.kind for n in Notification.objects.filter(user=holder)] == ["planner.task_assigned"]
    assert not Notification.objects.filter(user=author).exists()
    with clock.shifted(dt.timedelta(hours=2)):
        remind_due()
        deliver()
        deliver()
        due = Notification.objects.get(user=holder, kind="planner.task_due")
        assert due.count == 1
        finish_task(actor=staff(holder), task=task)
        deliver()
    assert Notification.objects.filter(user=author, kind="planner.task_finished").count() == 1


def test_conditions_know_open_and_overdue_tasks(ticket: Ticket) -> None:
    author = Actor.system()
    trees = {
        name: parse(
            {"v": 1, "all": [{"field": f"ticket.{name}", "op": "is", "value": True}]}, on="ticket", author=author
        )
        for name in ("has_open_task", "has_overdue_task")
    }
    assert not any(evaluate_many(trees, ticket).values())
    add_task(actor=author, subject=ticket, title="Soon", due_at=clock.now() + dt.timedelta(hours=1))
    assert evaluate_many(trees, ticket) == {"has_open_task": True, "has_overdue_task": False}
    late = add_task(actor=author, subject=ticket, title="Late", due_at=clock.now() - dt.timedelta(hours=1))
    other = submit()
    for tree in trees.values():
        assert list(tree.filter(Ticket.objects.filter(pk__in=[ticket.pk, other.pk]))) == [ticket]
        assert tree.matches(ticket) and not tree.matches(other)
    finish_task(actor=author, task=late)
    assert evaluate_many(trees, ticket) == {"has_open_task": True, "has_overdue_task": False}


def test_a_leavers_tasks_go_to_a_colleague_and_back(ticket: Ticket) -> None:
    boss = staff(make_user("supervisor", teams=[ticket.team]))
    leaver, colleague = make_agent(ticket.team), make_agent(ticket.team)
    task = add_task(actor=Actor.system(), subject=ticket, title="Write the guide", assignee=leaver)
    entry = handovers["tasks"]
    assert [row.pk for row in entry.rows(boss, leaver)] == [task.pk]
    memory = entry.move(boss, task, colleague)
    assert Task.objects.get().assignee == colleague
    entry.undo(boss, leaver, task.pk, memory)
    assert Task.objects.get().assignee == leaver
