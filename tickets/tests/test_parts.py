"""Parts: another team does something for a ticket, and no word of it reaches the customer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.calendars.models import Clock
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady
from crm.core.metrics import Span
from crm.core.sockets import clock_kinds
from crm.messaging.models import Message, OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import make_team, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as holder_of
from tickets.actions import (
    accept_ticket,
    add_note,
    change_priority,
    change_status,
    close_due,
    close_ticket,
    customer_reply,
    delete_ticket,
    erase_ticket,
    finish_part,
    open_part,
    reassign_ticket,
    reopen,
    reply,
    resolve_ticket,
    restore_ticket,
    send_reply_in,
)
from tickets.exceptions import LinkInvalid, NoFurtherParts, PartIsInternal, PartsOpen, SolvedAlready
from tickets.metrics.tickets import BACKLOG, CREATED, UNSOLVED
from tickets.models import Rating, Ticket
from tickets.selectors import ticket_by_token
from tickets.tests.builders import (
    MONDAY,
    customer_of,
    deliver,
    fresh,
    key,
    make_agent,
    make_request_type,
    status,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """An agent of the front desk and one of the workshop, who see each their own team."""
    front, workshop = make_team("Front desk"), make_team("Workshop")
    make_request_type("repair", team=workshop)
    return {
        "front": front,
        "workshop": workshop,
        "lin": make_agent(front, name="Lin"),
        "chen": make_agent(workshop, name="Chen"),
    }


@pytest.fixture
def ticket(desk):
    """A request that Lin holds."""
    made = submit(make_request_type("front", team=desk["front"]))
    accept_ticket(actor=staff(desk["lin"]), ticket=made)
    return fresh(made)


@pytest.fixture
def at_monday():
    """Within working hours."""
    with clock.at(MONDAY):
        yield


def ask(desk, ticket, **values):
    defaults = {"subject": "Replace the hinge", "description": "Door of room 12 hangs.", "team": desk["workshop"]}
    return open_part(actor=staff(desk["lin"]), ticket=ticket, **{**defaults, **values})


def kinds_to(user, part):
    return set(Notification.objects.filter(user=user, object_id=part.pk).values_list("kind", flat=True))


def test_the_part_has_its_own_team_and_the_engine_assigns_it(at_monday, desk, ticket):
    part = ask(desk, ticket)
    deliver()
    part = fresh(part)
    assert (part.parent_id, part.team, part.assignee) == (ticket.pk, desk["workshop"], desk["chen"])
    assert part.request_type.key == "repair" and part.priority == ticket.priority
    assert fresh(ticket).assignee == desk["lin"]
    assert kinds_to(desk["chen"], part) == {"tickets.assigned"}


def test_nothing_of_a_part_leaves_the_house(at_monday, desk, ticket):
    """Every verb of a part's life, with a customer whose address is proved; not one mail more."""
    Ticket.objects.filter(pk=ticket.pk).update(verified_at=clock.now())
    ticket = fresh(ticket)
    before = OutgoingMail.objects.count()
    part = ask(desk, ticket)
    chen = staff(desk["chen"])
    accept_ticket(actor=chen, ticket=part)
    change_status(actor=chen, ticket=fresh(part), status=status("waiting_customer"))
    add_note(actor=chen, ticket=part, body="Hinge is ordered.", form_key=key())
    finish_part(actor=chen, ticket=part, result="Hinge replaced.")
    reopen(actor=chen, ticket=part)
    finish_part(actor=chen, ticket=part, result="Again.")
    close_ticket(actor=chen, ticket=part)
    deliver()
    assert OutgoingMail.objects.count() == before
    assert not Rating.objects.filter(ticket=part).exists()
    assert {row.direction for row in Message.objects.filter(conversation=part.conversation)} == {"internal"}
    assert (part.reply_email, part.reply_phone) == ("", "")


def test_no_public_reply_on_a_part(desk, ticket):
    part = ask(desk, ticket)
    chen = staff(desk["chen"])
    with pytest.raises(PartIsInternal):
        reply(actor=chen, ticket=part, body="Dear customer", form_key=key())
    with pytest.raises(PartIsInternal):
        send_reply_in(actor=chen, ticket=part, body="Dear customer", form_key=key(), hold_seconds=10)
    assert not Message.objects.filter(conversation=part.conversation, direction="outbound").exists()


def test_the_customer_neither_sees_nor_reaches_a_part(desk, ticket):
    part = ask(desk, ticket)
    assert set(Ticket.objects.visible_to(customer_of(ticket))) == {ticket}
    with pytest.raises(NotFound):
        customer_reply(actor=customer_of(part), ticket=part, body="Hello?", form_key=key())
    for token in (part.access_token, part.guest_token):
        with pytest.raises(LinkInvalid):
            ticket_by_token(token)


def test_whoever_holds_the_ticket_reads_its_parts_and_asks_back_but_changes_nothing(desk, ticket):
    part = ask(desk, ticket)
    ling = make_agent(desk["front"], name="Ling")
    assert not Ticket.objects.visible_to(staff(ling)).filter(pk=part.pk).exists()
    reassign_ticket(actor=staff(desk["lin"]), ticket=ticket, team=desk["front"], assignee=ling)
    actor = staff(ling)
    assert Ticket.objects.visible_to(actor).filter(pk=part.pk).exists()
    add_note(actor=actor, ticket=part, body="When will it be done?", form_key=key())
    for verb in (
        lambda: change_priority(actor=actor, ticket=part, priority=1),
        lambda: finish_part(actor=actor, ticket=part, result="Done"),
        lambda: reassign_ticket(actor=actor, ticket=part, team=desk["front"], assignee=ling),
    ):
        with pytest.raises(NotFound):
            verb()
    assert fresh(part).priority == part.priority


def test_the_holder_is_told_of_notes_results_and_delays(at_monday, desk, ticket):
    part = ask(desk, ticket)
    deliver()
    add_note(actor=staff(desk["chen"]), ticket=part, body="Which door?", form_key=key())
    deliver()
    assert "tickets.part_noted" in kinds_to(desk["lin"], part)
    assert "tickets.part_noted" not in kinds_to(desk["chen"], part)
    add_note(actor=staff(desk["lin"]), ticket=part, body="The left one.", form_key=key())
    deliver()
    assert "tickets.part_noted" in kinds_to(desk["chen"], part)
    clock_kinds["tickets.resolution"].on_level(resolution_of(part), "breach")
    finish_part(actor=staff(desk["chen"]), ticket=part, result="Hinge replaced.")
    deliver()
    assert {"tickets.part_late", "tickets.part_finished"} <= kinds_to(desk["lin"], part)


def resolution_of(part):
    return Clock.objects.get(kind=clock_kinds["tickets.resolution"].code, object_id=part.pk, cycle=part.cycle)


def test_a_part_runs_to_the_moment_it_was_asked_for(at_monday, desk, ticket):
    due = MONDAY + dt.timedelta(hours=5)
    part = ask(desk, ticket, due_at=due)
    clocks = Clock.objects.filter(object_id=part.pk, kind__in=[clock_kinds[name].code for name in MEASURES])
    assert [to_minutes(row.due_at) for row in clocks] == [due]
    assert to_minutes(fresh(part).next_due_at) == due
    change_priority(actor=staff(desk["chen"]), ticket=part, priority=4)
    assert to_minutes(resolution_of(part).due_at) == due


def to_minutes(moment):
    return (moment + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)


MEASURES = ("tickets.first_response", "tickets.resolution")


@pytest.mark.parametrize("hours", [-1, 0])
def test_a_moment_without_working_time_is_refused(at_monday, desk, ticket, hours):
    with pytest.raises(Invalid) as refused:
        ask(desk, ticket, due_at=MONDAY + dt.timedelta(hours=hours))
    assert "due_at" in refused.value.fields
    assert not Ticket.objects.filter(parent=ticket).exists()


def test_the_same_form_asks_once(desk, ticket):
    form_key = key()
    first = ask(desk, ticket, form_key=form_key)
    assert ask(desk, ticket, form_key=form_key) == first
    with pytest.raises(Conflict):
        ask(desk, ticket, form_key=form_key, subject="Something else")
    assert Ticket.objects.filter(parent=ticket).count() == 1


def test_no_part_of_a_part_and_none_of_a_solved_ticket(desk, ticket):
    part = ask(desk, ticket)
    with pytest.raises(NoFurtherParts):
        open_part(actor=staff(desk["chen"]), ticket=part, team=desk["front"], subject="x", description="y")
    finish_part(actor=staff(desk["chen"]), ticket=part, result="Done")
    resolve_ticket(actor=staff(desk["lin"]), ticket=ticket, cause="product", solution="Fixed.")
    with pytest.raises(SolvedAlready):
        ask(desk, ticket)


def test_who_may_not_create_or_see_may_not_ask(desk, ticket):
    reader = holder_of("tickets.view")
    with pytest.raises(NotAllowed):
        open_part(actor=staff(reader), ticket=ticket, team=desk["workshop"], subject="x", description="y")
    with pytest.raises(NotFound):
        open_part(actor=staff(desk["chen"]), ticket=ticket, team=desk["workshop"], subject="x", description="y")


def test_a_ticket_with_open_parts_is_solved_only_on_purpose(desk, ticket):
    part = ask(desk, ticket)
    lin = staff(desk["lin"])
    with pytest.raises(PartsOpen, match=str(part.number)):
        resolve_ticket(actor=lin, ticket=ticket, cause="product", solution="Fixed.")
    with pytest.raises(PartsOpen):
        close_ticket(actor=lin, ticket=ticket)
    with pytest.raises(PartsOpen):
        change_status(actor=lin, ticket=fresh(ticket), status=status("closed"))
    resolve_ticket(actor=lin, ticket=ticket, cause="product", solution="Fixed.", despite_parts=True)
    assert fresh(ticket).status.category == "resolved"
    assert fresh(part).status.category == "new"


def test_time_closes_a_solved_ticket_whatever_its_parts_do(desk, ticket):
    ask(desk, ticket)
    resolve_ticket(actor=staff(desk["lin"]), ticket=ticket, cause="product", solution="Fixed.", despite_parts=True)
    Ticket.objects.filter(pk=ticket.pk).update(resolved_at=clock.now() - dt.timedelta(days=10))
    assert close_due() == 1
    assert fresh(ticket).status.category == "closed"


def test_finished_parts_go_with_their_ticket_to_the_bin_and_back_and_for_good(desk, ticket):
    boss = staff(holder_of("tickets.view", "tickets.delete", "console.erase"))
    part = ask(desk, ticket)
    with pytest.raises(PartsOpen):
        delete_ticket(actor=boss, ticket=ticket)
    finish_part(actor=staff(desk["chen"]), ticket=part, result="Done")
    delete_ticket(actor=boss, ticket=ticket)
    assert not Ticket.objects.filter(pk=part.pk).exists()
    with pytest.raises(NotReady):
        restore_ticket(actor=boss, ticket=part)
    restore_ticket(actor=boss, ticket=ticket)
    assert Ticket.objects.filter(pk=part.pk).exists()
    delete_ticket(actor=boss, ticket=ticket)
    erase_ticket(actor=boss, ticket=ticket)
    assert not Ticket.all_objects.filter(pk__in=[part.pk, ticket.pk]).exists()


def test_the_pages_of_resolving_and_closing_ask_for_the_box(desk, ticket):
    part = ask(desk, ticket)
    client = signed_in(User.objects.get(pk=desk["lin"].pk))
    url = reverse("tickets:ticket_resolve", args=[ticket.number])
    assert f"#{part.number}" in client.get(url).content.decode()
    values = {"cause": "product", "solution": "Fixed."}
    response = client.post(url, values)
    assert response.status_code == 409 and "despite_parts" in response.content.decode()
    assert client.post(url, {**values, "despite_parts": "on"}).status_code == 302
    assert fresh(ticket).status.category == "resolved"
    close = reverse("tickets:ticket_close", args=[ticket.number])
    assert client.post(close).status_code == 409
    assert client.post(close, {"despite_parts": "on"}).status_code == 302
    assert fresh(ticket).status.category == "closed"


def test_a_part_is_finished_on_its_page_with_a_result_alone(desk, ticket):
    part = ask(desk, ticket)
    client = signed_in(User.objects.get(pk=desk["chen"].pk))
    page = client.get(reverse("tickets:ticket_detail", args=[part.number])).content.decode()
    assert "pane-reply" not in page and "pane-note" in page and f"#{ticket.number}" in page
    url = reverse("tickets:ticket_resolve", args=[part.number])
    assert client.post(url, {"result": " "}).status_code == 422
    assert client.post(url, {"result": "Hinge replaced."}).status_code == 302
    assert fresh(part).solution == "Hinge replaced."


def test_the_holder_sees_the_part_without_buttons_that_would_fail(desk, ticket):
    part = ask(desk, ticket)
    Ticket.objects.filter(pk=part.pk).update(created_by_id=None)
    client = signed_in(User.objects.get(pk=desk["lin"].pk))
    page = client.get(reverse("tickets:ticket_detail", args=[part.number])).content.decode()
    assert "pane-note" in page
    for verb in ("resolve", "hand-over", "priority", "status", "edit", "take"):
        assert f"/tickets/{part.number}/{verb}/" not in page


def test_the_panel_shows_each_side_the_other(desk, ticket):
    part = ask(desk, ticket)
    add_note(actor=staff(desk["lin"]), ticket=ticket, body="Customer is difficult.", form_key=key())
    finish_part(actor=staff(desk["chen"]), ticket=part, result="Hinge replaced.")
    mine = signed_in(desk["lin"]).get(panel_of(ticket)).content.decode()
    assert part.subject in mine and "Hinge replaced." in mine
    theirs = signed_in(desk["chen"]).get(panel_of(part)).content.decode()
    assert ticket.subject in theirs and "It is offline since the update." in theirs
    assert "Customer is difficult." not in theirs
    assert f'href="/tickets/{ticket.number}/"' not in theirs


def panel_of(ticket):
    return reverse("ui:panel", args=["ticket", ticket.pk, "tickets.parts"])


def test_a_part_is_asked_for_on_a_form(desk, ticket):
    client = signed_in(desk["lin"])
    url = reverse("tickets:ticket_part_create", args=[ticket.number])
    assert "due_at" in client.get(url).content.decode()
    values = {"team": desk["workshop"].pk, "subject": "Hinge", "description": "Replace it.", "form_key": key()}
    assert client.post(url, {**values, "due_at": "2020-01-01T10:00"}).status_code == 422
    assert client.post(url, {**values, "request_type": ticket.request_type_id}).status_code == 422
    assert client.post(url, values).status_code == 302
    assert Ticket.objects.get(parent=ticket).subject == "Hinge"


def test_lists_mark_parts_and_figures_of_requests_leave_them_out(desk, ticket):
    part = ask(desk, ticket)
    viewer = holder_of("tickets.view", scope=Scope.ALL)
    client = signed_in(viewer)
    listed = client.get(reverse("tickets:ticket_list"), {"own": "1"}).content.decode()
    assert f"Part of #{ticket.number}" in listed
    whole = client.get(reverse("tickets:ticket_list"), {"own": "1", "parts": "without"}).content.decode()
    assert f"/tickets/{part.number}/" not in whole and f"/tickets/{ticket.number}/" in whole
    span = spans()
    assert {row.pk for row in CREATED.rows(staff(viewer), span)} == {ticket.pk}
    assert {row.pk for row in BACKLOG.rows(staff(viewer), span)} == {ticket.pk}
    assert {row.pk for row in UNSOLVED.rows(staff(viewer), span)} == {ticket.pk, part.pk}


def spans():
    now = clock.now()
    return Span(now - dt.timedelta(days=1), now + dt.timedelta(days=1), dt.UTC)
