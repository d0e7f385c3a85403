"""Deleted tickets: who finds them, how they come back, when they go for good."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from crm.activity.models import Activity
from crm.calendars.models import Clock
from crm.console.selectors.recycle_bin import bin_page
from crm.console.sweeps import empty_bin
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import NotAllowed, NotFound
from crm.files.actions import attach_file
from crm.files.models import Attachment, Blob
from crm.files.sweeps import forget_uploads
from crm.messaging.models import Conversation, Message, OutgoingMail
from crm.testing.suites import signed_in
from crm.testing.suites import staff as somebody
from tickets.actions import delete_ticket, erase_ticket, restore_ticket
from tickets.models import StatusSpan, Ticket
from tickets.sweeps import assign_waiting

from .builders import MONDAY, answered, make_agent, make_request_type, make_team, resolved, staff, submit

pytestmark = pytest.mark.django_db
URL = "/settings/recycle-bin/"
DAYS_31 = dt.timedelta(days=31)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def chief(team):
    """Somebody who may delete within their department, and for good."""
    return make_agent(team, role="supervisor")


@pytest.fixture
def ticket(team):
    return submit(make_request_type(team=team))


@pytest.fixture
def binned(chief, ticket):
    delete_ticket(actor=staff(chief), ticket=ticket)
    return Ticket.all_objects.get(pk=ticket.pk)


def token(ticket):
    return f"ticket:{ticket.pk}"


def test_the_bin_says_what_who_when_and_how_long(chief, binned):
    row = bin_page(staff(chief), {}).rows[0]
    assert (row.record, row.deleted_by, row.days_left, row.label) == (binned, chief, 30, f"#{binned.number}")
    with clock.shifted(dt.timedelta(days=29, hours=1)):
        assert bin_page(staff(chief), {}).rows[0].days_left == 1
    body = signed_in(chief).get(URL).content.decode()
    assert binned.subject in body and chief.name in body and "30 days" in body


@pytest.mark.parametrize(
    ("role", "inside", "sees"),
    [("supervisor", True, True), ("supervisor", False, False), ("agent", True, False), ("auditor", True, False),
     ("administrator", False, True)],
)  # fmt: skip
def test_only_who_may_delete_a_ticket_sees_and_restores_it(team, binned, role, inside, sees):
    reader = make_agent(team if inside else make_team(), role=role)
    assert [row.record for row in bin_page(staff(reader), {}).rows] == ([binned] if sees else [])
    client = signed_in(reader)
    assert (binned.subject in client.get(URL).content.decode()) is sees
    client.post(URL + "restore/", {"only": token(binned)})
    assert Ticket.objects.filter(pk=binned.pk).exists() is sees


def test_a_right_of_another_kind_opens_nothing(binned):
    reader = somebody("customers.delete", "customers.view", scope=Scope.ALL)
    assert bin_page(staff(reader), {}).rows == []


def test_filters_narrow_by_kind_word_and_person(chief, ticket):
    other = submit(ticket.request_type, subject="Screen dark")
    for row in (ticket, other):
        delete_ticket(actor=staff(chief), ticket=row)
    actor = staff(chief)
    assert [row.record for row in bin_page(actor, {"q": "screen"}).rows] == [other]
    assert [row.record for row in bin_page(actor, {"kind": "customer"}).rows] == []
    assert len(bin_page(actor, {"kind": "ticket", "deleted_by": chief}).rows) == 2
    assert bin_page(actor, {"deleted_by": make_agent(make_team())}).rows == []


def test_pages_follow_each_other_without_gap(chief, ticket, monkeypatch):
    monkeypatch.setattr("crm.console.selectors.recycle_bin.PAGE", 2)
    made = [ticket, *(submit(ticket.request_type) for _more in range(4))]
    for row in made:
        delete_ticket(actor=staff(chief), ticket=row)
    seen, before = [], None
    while True:
        page = bin_page(staff(chief), {}, before)
        seen += [row.record.pk for row in page.rows]
        if (before := page.before) is None:
            break
    assert seen == [row.pk for row in reversed(made)]


def test_deleting_leads_to_the_bin_and_undo_brings_it_back(chief, ticket):
    client = signed_in(chief)
    response = client.post(reverse("tickets:ticket_delete", args=[ticket.number]), follow=True)
    undo = reverse("console:recycle_bin_undo", args=["ticket", ticket.pk])
    body = response.content.decode()
    assert f'href="{reverse("console:recycle_bin")}"' in body and f'data-undo-url="{undo}"' in body
    assert client.post(undo).status_code == 302
    assert Ticket.objects.filter(pk=ticket.pk).exists()
    assert client.post(undo).status_code == 404


def test_many_come_back_at_once_and_each_is_on_record(chief, ticket):
    made = [ticket, submit(ticket.request_type)]
    for row in made:
        delete_ticket(actor=staff(chief), ticket=row)
    signed_in(chief).post(URL + "restore/", {"ids": [token(row) for row in made]})
    assert Ticket.objects.count() == 2
    assert Activity.objects.filter(type=1530, actor_id=chief.pk).count() == 2


def test_a_restored_ticket_keeps_its_promise_without_the_days_in_the_bin(team, chief):
    with clock.at(MONDAY):
        ticket = submit(make_request_type(team=team))
        promised = ticket.next_due_at
        delete_ticket(actor=staff(chief), ticket=ticket)
        assert Ticket.all_objects.get(pk=ticket.pk).next_due_at is None
    with clock.at(MONDAY + dt.timedelta(days=7)):
        restore_ticket(actor=staff(chief), ticket=ticket)
        back = Ticket.objects.get(pk=ticket.pk)
        assert abs(back.next_due_at - promised - dt.timedelta(days=7)) < dt.timedelta(minutes=1)
        assert back.sla_state == "fine"


def test_a_closed_ticket_comes_back_closed_without_clocks(chief, team):
    ticket = resolved(chief, submit(make_request_type(team=team)))
    delete_ticket(actor=staff(chief), ticket=ticket)
    restore_ticket(actor=staff(chief), ticket=ticket)
    back = Ticket.objects.get(pk=ticket.pk)
    assert back.next_due_at is None and back.resolved_at == ticket.resolved_at


def test_who_left_meanwhile_does_not_get_it_back(chief, team, ticket):
    agent = make_agent(team)
    answered(agent, ticket)
    delete_ticket(actor=staff(chief), ticket=ticket)
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    restore_ticket(actor=staff(chief), ticket=ticket)
    assert Ticket.objects.get(pk=ticket.pk).assignee is None
    assign_waiting()


def test_what_is_not_in_the_bin_cannot_be_restored_or_erased(chief, ticket):
    with pytest.raises(NotFound):
        restore_ticket(actor=staff(chief), ticket=ticket)
    boss = somebody("console.erase", "tickets.view", "tickets.delete")
    with pytest.raises(NotFound):
        erase_ticket(actor=staff(boss), ticket=ticket)
    with pytest.raises(NotAllowed):
        restore_ticket(actor=staff(make_agent(ticket.team)), ticket=ticket)


def test_deleting_for_good_needs_the_right_and_the_typed_number(chief, binned):
    assert signed_in(chief).post(URL + "erase/", {"ids": token(binned), "typed": "1"}).status_code == 403
    assert "erase" not in signed_in(chief).get(URL).content.decode()
    boss = signed_in(make_agent(make_team(), role="administrator"))
    assert "erase" in boss.get(URL).content.decode()
    asked = boss.get(URL + "erase/", {"ids": token(binned)})
    assert asked.status_code == 200 and f"Type #{binned.number}" in asked.content.decode()
    wrong = boss.post(URL + "erase/", {"ids": token(binned), "typed": "yes"})
    assert wrong.status_code == 422 and Ticket.all_objects.filter(pk=binned.pk).exists()
    boss.post(URL + "erase/", {"ids": token(binned), "typed": f"#{binned.number}"})
    assert not Ticket.all_objects.filter(pk=binned.pk).exists()
    assert Activity.objects.filter(type=1531, object_id=binned.pk).count() == 1


def test_after_thirty_days_a_ticket_goes_with_all_that_hangs_on_it(
    chief, team, ticket, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    answered(chief, ticket)
    message = Message.objects.filter(conversation=ticket.conversation).first()
    attach_file(
        actor=staff(chief), kind="message", object_id=message.pk, name="a.txt", file=ContentFile(b"hello", "a.txt")
    )
    kept = submit(ticket.request_type)
    delete_ticket(actor=staff(chief), ticket=ticket)
    with clock.shifted(dt.timedelta(days=29)):
        assert empty_bin() == 0
    with clock.shifted(DAYS_31), django_capture_on_commit_callbacks(execute=True):
        assert empty_bin() == 1
        forget_uploads()
        assert empty_bin() == 0
    assert list(Ticket.all_objects.all()) == [kept]
    assert not Conversation.objects.filter(pk=ticket.conversation_id).exists()
    assert not OutgoingMail.objects.filter(related_id=message.pk).exists()
    assert not Clock.objects.filter(object_id=ticket.pk).exists() and Clock.objects.filter(object_id=kept.pk).exists()
    assert not StatusSpan.objects.filter(ticket_id=ticket.pk).exists()
    assert not Attachment.all_objects.exists() and not Blob.objects.exists()
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []
