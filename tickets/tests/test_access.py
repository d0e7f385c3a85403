"""Who sees which tickets, and that no refusal writes anything."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import Department, TeamMembership, User
from crm.activity.selectors import timeline
from crm.core import sockets
from crm.core.actor import Actor, Scope
from crm.core.errors import NotFound
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from tickets.models import Rating, Ticket
from tickets.panels import all_tickets, satisfaction
from tickets.selectors import latest_decision, ticket_by_number

from .builders import digest, make_agent, make_request_type, make_team, resolved, submit

pytestmark = pytest.mark.django_db
SEE = ("tickets.view", "tickets.export", "customers.view")


@pytest.fixture
def world():
    """Four tickets: mine, my team's, one of a team below my department, and a stranger's."""
    department = Department.objects.create(name={"en": "Service"})
    below = Department.objects.create(name={"en": "Below"}, parent=department)
    own, near, far = make_team(department=below), make_team(department=below), make_team()
    rows = {name: submit(make_request_type(team=team), subject=f"Matter {name}")
            for name, team in (("mine", far), ("team", own), ("department", near), ("all", far))}  # fmt: skip
    return department, own, rows


EXPECTED = {
    Scope.NONE: set(),
    Scope.OWN: {"mine"},
    Scope.TEAM: {"mine", "team"},
    Scope.DEPARTMENT: {"mine", "team", "department"},
    Scope.ALL: {"mine", "team", "department", "all"},
}


def viewer(world, scope: Scope, *permissions: str) -> User:
    department, own, rows = world
    user = person(*(permissions or SEE), scope=scope, department=department)
    TeamMembership.objects.create(team=own, user=user)
    Ticket.objects.filter(pk=rows["mine"].pk).update(assignee=user)
    return user


@pytest.mark.parametrize("scope", list(Scope))
def test_list_page_panel_export_and_search_agree(world, scope):
    user, rows = viewer(world, scope), world[2]
    client, wanted = signed_in(user), EXPECTED[scope]
    page = client.get(reverse("tickets:ticket_list"), {"own": "1"}).content.decode()
    export = client.post(reverse("ui:list_export", args=["ticket"]) + "?own=1", {"format": "csv"}).content.decode()
    for name, ticket in rows.items():
        seen = name in wanted
        assert (f'id="row-{ticket.pk}"' in page) is seen, name
        assert (f"Matter {name}" in export) is seen, name
        assert client.get(reverse("tickets:ticket_detail", args=[ticket.number])).status_code == (200 if seen else 404)
        assert client.get(reverse("tickets:ticket_why", args=[ticket.number])).status_code == (200 if seen else 404)
        found = all_tickets(actor_for(user), ticket.customer)
        assert (ticket.pk in found["openable"]) is seen


def sees_customers(user: User) -> User:
    """Whatever the scope in tickets, every customer."""
    user.roles.add(person("customers.view").roles.get())
    return user


def test_customers_who_are_visible_show_their_tickets_in_outline(world):
    user, rows = sees_customers(viewer(world, Scope.OWN)), world[2]
    found = all_tickets(actor_for(user), rows["all"].customer)
    assert [ticket.pk for ticket in found["tickets"]] == [rows["all"].pk] and not found["openable"]
    blind = viewer(world, Scope.OWN, "tickets.view")
    assert set(Ticket.objects.visible_in_outline(actor_for(blind))) == {rows["mine"]}


@pytest.mark.parametrize(("scope", "seen"), [(Scope.OWN, False), (Scope.ALL, True)])
def test_a_verdicts_words_are_shown_with_the_ticket_only(world, scope, seen):
    ticket = world[2]["all"]
    resolved(make_agent(ticket.team), ticket)
    Rating.objects.update(score=2, comment="CANARY", rated_at=ticket.created_at)
    user = sees_customers(viewer(world, scope))
    found = satisfaction(actor_for(user), ticket.customer)
    assert len(found["ratings"]) == 1
    assert ("CANARY" in render_to_string("tickets/panels/_ratings.html", found)) is seen


def test_a_customers_timeline_keeps_ticket_lines_to_those_with_the_right(world):
    rows = world[2]
    without = actor_for(person("customers.view"))
    having = actor_for(person("customers.view", "tickets.view"))
    lines = [
        {entry.key for entry in timeline(reader, rows["all"].customer).entries if entry.key.startswith("tickets.")}
        for reader in (without, having)
    ]
    assert lines == [set(), {"tickets.submitted"}]


def test_a_contact_sees_only_their_own(world):
    rows = world[2]
    contact = Actor.contact(rows["mine"].contact_id, "Li Lei")
    assert set(Ticket.objects.visible_to(contact)) == {rows["mine"]}
    assert set(Ticket.objects.visible_in_outline(contact)) == {rows["mine"]}
    assert not Ticket.objects.visible_to(Actor.guest()).exists()
    with pytest.raises(NotFound):
        ticket_by_number(contact, rows["all"].number)
    with pytest.raises(NotFound):
        latest_decision(contact, rows["all"])


VERBS = {
    "ticket_accept": "tickets.take", "ticket_reply": "tickets.reply", "ticket_note": "tickets.note",
    "ticket_status": "tickets.update", "ticket_priority": "tickets.update", "ticket_resolve": "tickets.resolve",
    "ticket_close": "tickets.resolve", "ticket_reassign": "tickets.reassign", "ticket_delete": "tickets.delete",
    "ticket_update": "tickets.update",
}  # fmt: skip
SENT = {"body": "x", "form_key": "form-key-00000001", "cause": "usage", "solution": "x", "priority": 4, "status": 2}


@pytest.mark.parametrize(("name", "permission"), VERBS.items())
def test_a_missing_right_is_named_and_nothing_is_written(world, name, permission):
    ticket = world[2]["team"]
    client = signed_in(person("tickets.view"))
    before = digest()
    response = client.post(reverse(f"tickets:{name}", args=[ticket.number]), SENT)
    assert response.status_code == 403
    assert str(sockets.permissions.label(permission)) in response.content.decode()
    assert digest() == before


@pytest.mark.parametrize(("name", "permission"), VERBS.items())
def test_another_teams_ticket_is_not_there(world, name, permission):
    ticket = world[2]["all"]
    client = signed_in(viewer(world, Scope.TEAM, "tickets.view", permission))
    before = digest()
    assert client.post(reverse(f"tickets:{name}", args=[ticket.number]), SENT).status_code == 404
    assert digest() == before
