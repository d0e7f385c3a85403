"""Duplicates: what follows the target, what the customers read, and the way back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.calendars.models import Clock
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.metrics import Span, measures
from crm.messaging.models import Message, OutgoingMail
from crm.planner.actions import add_task
from crm.planner.models import Task
from crm.testing.builders import make_team, make_user, staff
from crm.ui.lists import bulk_actions
from tickets import actions
from tickets.actions.deadlines import clocks_of
from tickets.conversation import conversation_for_customer, conversation_for_staff
from tickets.exceptions import CannotMerge, HasMerged, IsMerged, NotMerged
from tickets.forms.merging import MergeSelectedForm
from tickets.merging import proposed_targets
from tickets.models import MergedTicket, Rating, Ticket
from tickets.search import rows as documents
from tickets.selectors import ticket_by_token

from .builders import answered, customer_of, deliver, fresh, key, make_agent, make_request_type, resolved, submit

pytestmark = pytest.mark.django_db

MAIL = "lilei@example.test"


@pytest.fixture
def team() -> Any:
    return make_team()


@pytest.fixture
def kind(team: Any) -> Any:
    return make_request_type(team=team)


@pytest.fixture
def agent(team: Any) -> Any:
    return make_agent(team)


@pytest.fixture
def target(kind: Any) -> Ticket:
    return submit(kind, email=MAIL, subject="Printer offline", description="First words")


@pytest.fixture
def twin(kind: Any, target: Ticket) -> Ticket:
    """A duplicate by the same person from the same address."""
    return submit(kind, email=MAIL, subject="Printer offline again", description="Second words")


@pytest.fixture
def stranger(kind: Any, target: Ticket) -> Ticket:
    """A duplicate by somebody else."""
    return submit(kind, email="han@example.test", name="Han Mei", subject="Printer dead", description="Secret of Han")


def merge(agent: Any, into: Ticket, *duplicates: Ticket, confirmed: bool = True) -> list[MergedTicket]:
    return actions.merge_tickets(
        actor=staff(agent), into=fresh(into), duplicates=[fresh(row) for row in duplicates], confirmed=confirmed
    )


def texts(lines: Any) -> list[str]:
    return [line.text for line in lines if line.text]


def test_the_target_shows_both_in_the_order_of_time(agent: Any, target: Ticket, twin: Ticket) -> None:
    actions.customer_reply(actor=customer_of(target), ticket=target, body="Third words", form_key=key())
    merge(agent, target, twin)
    assert texts(conversation_for_staff(staff(agent), fresh(target)).lines) == [
        "First words", "Second words", "Third words"
    ]  # fmt: skip
    assert Message.objects.filter(conversation=twin.conversation).count() == 1
    assert [line.event.key for line in conversation_for_staff(staff(agent), fresh(target)).lines if line.event][-1] == (
        "tickets.merged"
    )


def test_the_duplicate_is_closed_without_mail_rating_or_measure(agent: Any, target: Ticket, twin: Ticket) -> None:
    mails = OutgoingMail.objects.count()
    merge(agent, target, twin)
    row = fresh(twin)
    assert row.status.category == "closed" and row.merged_into == target and not row.customer_waits
    assert not Rating.objects.filter(ticket=row).exists() and OutgoingMail.objects.count() == mails
    assert all(entry.state == "stopped" and entry.met_at is None for entry in clocks_of(row))
    assert not Clock.objects.filter(object_id=row.pk, next_check_at__isnull=False).exists()


def test_figures_count_a_merged_ticket_nowhere(agent: Any, target: Ticket, twin: Ticket) -> None:
    viewer = staff(make_user("executive"))
    span = Span(clock.now() - dt.timedelta(days=1), clock.now() + dt.timedelta(days=1), dt.UTC)
    keys = ("tickets.created", "tickets.closed_unsolved", "tickets.open")
    merge(agent, target, twin)
    found = {name: measures[name].source.rows(viewer, span).count() for name in keys}
    assert found == {"tickets.created": 1, "tickets.closed_unsolved": 0, "tickets.open": 1}
    client = Client()
    client.force_login(make_user("executive"))
    page = client.get(reverse("tickets:ticket_list"), {"own": "1", "merged": "without"}).content.decode()
    assert f"#{target.number}" in page and f"#{twin.number}" not in page


def test_followers_and_open_tasks_follow(agent: Any, team: Any, target: Ticket, twin: Ticket) -> None:
    fan = make_agent(team)
    actions.follow_ticket(actor=staff(fan), ticket=twin)
    task = add_task(actor=Actor.system(), subject=twin, title="Call back")
    merge(agent, target, twin)
    assert list(target.followers.values_list("user_id", flat=True)) == [fan.pk]
    task.refresh_from_db()
    assert task.object_id == target.pk
    actions.undo_merge(actor=staff(agent), ticket=fresh(twin))
    task.refresh_from_db()
    assert task.object_id == twin.pk and not target.followers.exists()


def test_the_requesters_link_leads_to_the_target_and_a_strangers_does_not(
    agent: Any, target: Ticket, twin: Ticket, stranger: Ticket
) -> None:
    merge(agent, target, twin, stranger)
    assert ticket_by_token(twin.access_token) == (target, True)
    assert ticket_by_token(twin.guest_token)[0] == twin
    assert ticket_by_token(stranger.access_token)[0] == stranger


def test_nobody_reads_another_customers_words(agent: Any, target: Ticket, twin: Ticket, stranger: Ticket) -> None:
    merge(agent, target, twin, stranger)
    actions.reply(actor=staff(agent), ticket=fresh(target), body="Answer for Li Lei", form_key=key())
    for proved in (True, False):
        own = " ".join(texts(conversation_for_customer(fresh(target), proved=proved)))
        theirs = " ".join(texts(conversation_for_customer(fresh(stranger), proved=proved)))
        assert "Secret of Han" not in own and "First words" in own
        assert "Answer for Li Lei" not in theirs and "First words" not in theirs and "Secret of Han" in theirs
    assert "Second words" in texts(conversation_for_customer(fresh(target), proved=True))
    for token in (target.access_token, twin.access_token):
        assert "Secret of Han" not in Client().get(reverse("help:ticket_track", args=[token])).content.decode()
    page = Client().get(reverse("help:ticket_track", args=[stranger.access_token])).content.decode()
    assert "Answer for Li Lei" not in page and "First words" not in page and target.label not in page
    assert "Secret of Han" in page


def test_the_same_contact_at_another_address_keeps_its_own_page(agent: Any, target: Ticket, twin: Ticket) -> None:
    Ticket.objects.filter(pk=twin.pk).update(reply_email="other@example.test")
    merge(agent, target, twin)
    assert ticket_by_token(twin.access_token)[0] == twin
    assert "Second words" not in texts(conversation_for_customer(fresh(target), proved=True))


def test_words_on_a_merged_ticket_wake_the_target(agent: Any, target: Ticket, twin: Ticket, stranger: Ticket) -> None:
    answered(agent, target)
    merge(agent, target, twin, stranger)
    solved = resolved(agent, fresh(target))
    assert not solved.customer_waits
    message = actions.customer_reply(
        actor=customer_of(stranger), ticket=fresh(stranger), body="Still dead here", form_key=key()
    )
    row = fresh(target)
    assert row.customer_waits and row.status.category == "open" and row.snippet == "Still dead here"
    assert message.conversation_id == stranger.conversation_id
    assert fresh(stranger).status.category == "closed"
    assert "Still dead here" in texts(conversation_for_staff(staff(agent), row).lines)
    assert "Still dead here" not in " ".join(texts(conversation_for_customer(row, proved=True)))


def test_an_answer_goes_out_where_its_reader_is(agent: Any, target: Ticket, twin: Ticket, stranger: Ticket) -> None:
    merge(agent, target, twin, stranger)
    with pytest.raises(IsMerged):
        actions.reply(actor=staff(agent), ticket=fresh(twin), body="Hello", form_key=key())
    actions.reply(actor=staff(agent), ticket=fresh(stranger), body="Hello Han", form_key=key())
    assert fresh(stranger).status.category == "closed"
    with pytest.raises(IsMerged):
        actions.reopen(actor=staff(agent), ticket=fresh(twin))


def test_undo_brings_everything_back(agent: Any, target: Ticket, twin: Ticket) -> None:
    answered(agent, target)
    before, due = fresh(twin), {entry.pk: entry.due_at for entry in clocks_of(twin)}
    before_target = fresh(target)
    merge(agent, target, twin)
    assert fresh(target).customer_waits
    with clock.shifted(dt.timedelta(hours=1)):
        actions.undo_merge(actor=staff(agent), ticket=fresh(twin))
    row, after = fresh(twin), fresh(target)
    assert (row.status_id, row.customer_waits, row.closed_at, row.merged_into_id) == (
        before.status_id, before.customer_waits, None, None
    )  # fmt: skip
    assert (after.customer_waits, after.snippet, after.last_message_at) == (
        before_target.customer_waits, before_target.snippet, before_target.last_message_at
    )  # fmt: skip
    assert due and all(entry.state == "running" and entry.due_at >= due[entry.pk] for entry in clocks_of(row))
    assert texts(conversation_for_staff(staff(agent), after).lines)[0] == "First words"
    assert "Second words" not in texts(conversation_for_staff(staff(agent), after).lines)
    assert row.spans.filter(left_at__isnull=True).count() == 1
    with pytest.raises(NotMerged):
        actions.undo_merge(actor=staff(agent), ticket=row)


def test_undo_of_a_solved_duplicate_leaves_it_solved(agent: Any, target: Ticket, twin: Ticket) -> None:
    resolved(agent, twin)
    merge(agent, target, twin)
    actions.undo_merge(actor=staff(agent), ticket=fresh(twin))
    row = fresh(twin)
    assert row.status.category == "resolved" and row.closed_at is None
    assert row.spans.filter(left_at__isnull=True).count() == 1


def test_what_was_written_since_stays_on_the_target(agent: Any, target: Ticket, twin: Ticket) -> None:
    merge(agent, target, twin)
    actions.reply(actor=staff(agent), ticket=fresh(target), body="New answer", form_key=key())
    actions.undo_merge(actor=staff(agent), ticket=fresh(twin))
    row = fresh(target)
    assert "New answer" in texts(conversation_for_staff(staff(agent), row).lines)
    assert row.snippet == "New answer" and not row.customer_waits


def test_chains_cycles_parts_and_closed_targets_are_refused(
    agent: Any, kind: Any, target: Ticket, twin: Ticket
) -> None:
    third = submit(kind, email=MAIL)
    with pytest.raises(CannotMerge):
        merge(agent, target, target)
    merge(agent, target, twin)
    for into, row in ((twin, third), (third, target), (target, twin), (third, twin)):
        with pytest.raises(CannotMerge):
            merge(agent, into, row)
    part = actions.open_part(
        actor=staff(agent),
        ticket=fresh(third),
        team=make_team(),
        subject="Check",
        description="Please",
        request_type=kind,
    )
    with pytest.raises((CannotMerge, NotFound)):
        merge(agent, target, part)
    done = resolved(agent, submit(kind, email=MAIL))
    with pytest.raises(CannotMerge):
        merge(agent, done, third)


def test_another_customer_must_be_confirmed(agent: Any, target: Ticket, stranger: Ticket) -> None:
    with pytest.raises(CannotMerge):
        merge(agent, target, stranger, confirmed=False)
    assert fresh(stranger).merged_into is None


def test_who_does_not_see_both_merges_nothing(target: Ticket, twin: Ticket) -> None:
    with pytest.raises(NotFound):
        merge(make_agent(make_team()), target, twin)


def test_a_target_is_not_deleted_under_its_duplicates(target: Ticket, twin: Ticket, team: Any) -> None:
    boss = make_user("supervisor", teams=[team])
    boss.department = team.department
    boss.save()
    merge(boss, target, twin)
    with pytest.raises(HasMerged):
        actions.delete_ticket(actor=staff(boss), ticket=fresh(target))


def test_search_finds_the_target_by_the_words_of_its_duplicate(agent: Any, target: Ticket, twin: Ticket) -> None:
    merge(agent, target, twin)
    found = {document.id: document.body for document in documents([target.pk, twin.pk])}
    assert "Second words" in found[target.pk] and found[twin.pk] == ["Second words"]
    deliver()


def test_the_page_proposes_merges_and_undoes(agent: Any, target: Ticket, twin: Ticket, kind: Any) -> None:
    submit(kind, email="far@example.test")
    assert proposed_targets(staff(agent), fresh(twin)) == [target]
    client = Client()
    client.force_login(agent)
    url = reverse("tickets:ticket_merge", args=[twin.number])
    assert target.label in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"number": "#999999"}).status_code == 422
    done = client.post(url, {"proposed": str(target.pk)})
    assert done.status_code == 302 and done["Location"].endswith(f"/tickets/{target.number}/")
    page = client.get(reverse("tickets:ticket_detail", args=[twin.number])).content.decode()
    assert reverse("tickets:ticket_reply", args=[twin.number]) not in page
    assert "Merged into" in page and reverse("tickets:ticket_unmerge", args=[twin.number]) in page
    here = client.get(reverse("tickets:ticket_detail", args=[target.number])).content.decode()
    assert "Merged here" in here and "Second words" in here
    assert client.post(reverse("tickets:ticket_unmerge", args=[twin.number])).status_code == 302
    assert fresh(twin).merged_into is None and Task.objects.count() == 0


def test_many_selected_are_merged_into_one(agent: Any, target: Ticket, twin: Ticket, stranger: Ticket) -> None:
    form = MergeSelectedForm({"into": target.label, "confirmed": "on"}, actor=staff(agent))
    assert form.is_valid()
    merge_selected = bulk_actions[("ticket", "merge")].run
    for row in (target, twin, stranger):
        merge_selected(staff(agent), fresh(row), form.cleaned_data)
    assert {fresh(row).merged_into for row in (twin, stranger)} == {target} and fresh(target).merged_into is None
    assert not MergeSelectedForm({"into": target.label}, actor=staff(make_agent(make_team()))).is_valid()
