"""Substitutes, shift ends and the night without anyone on shift."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.choices import WhileAway
from crm.accounts.models import Absence, Team, User
from crm.calendars.models import Shift
from crm.console.actions.absences import end_absence, set_absence
from crm.core import clock
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.testing.builders import make_team, make_user, staff
from tickets import actions
from tickets.actions import assign_waiting
from tickets.actions.standing_in import move_after_shifts, move_for_absences
from tickets.explanations import rule_text
from tickets.models import StandIn, Ticket
from tickets.selectors import latest_decision

from .builders import MONDAY, answered, customer_of, deliver, fresh, key, make_agent, make_request_type, submit

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def kind(team: Team) -> Any:
    return make_request_type(team=team)


def away(user: User, *, days: int = 3, **values: Any) -> Absence:
    """Away from now on."""
    now = clock.now()
    return set_absence(actor=staff(user), user=user, starts_at=now, ends_at=now + days * DAY, **values)


def given(kind: Any, agent: User) -> Ticket:
    """A ticket that the only free agent got."""
    ticket = submit(kind)
    deliver()
    assert fresh(ticket).assignee == agent
    return fresh(ticket)


def works(user: User, start: int, end: int) -> None:
    """Every day between two hours of Shanghai."""
    Shift.objects.create(user=user, weekdays=[0, 1, 2, 3, 4, 5, 6], start=dt.time(start), end=dt.time(end))


class TestAbsence:
    def test_new_tickets_pass_over_who_is_away(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            gone, here = make_agent(team), make_agent(team)
            away(gone)
            tickets = [submit(kind) for _number in range(3)]
            deliver()
            assert {fresh(ticket).assignee for ticket in tickets} == {here}
            reasons = latest_decision(staff(here), tickets[0]).reasons["considered"]
            assert {entry["name"]: entry["excluded"] for entry in reasons}[gone.name] == "absent"
        with clock.at(MONDAY + 4 * DAY):
            assert not Absence.objects.at(clock.now()).exists()

    def test_waiting_tickets_go_to_the_substitute_once(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            gone = make_agent(team)
            waits, done = given(kind, gone), given(kind, gone)
            answered(gone, done)
            substitute = make_agent(make_team())
            away(gone, substitute=substitute)
            assert move_for_absences() == 1 and move_for_absences() == 0
            deliver()
            assert fresh(waits).assignee == substitute and fresh(done).assignee == gone
            assert Ticket.objects.visible_to(staff(substitute)).filter(pk=waits.pk).exists()
            assert Notification.objects.filter(user=substitute, kind="tickets.stood_in").count() == 1
            decision = latest_decision(staff(substitute), waits)
            assert gone.name in rule_text(decision) and substitute.name in rule_text(decision)

    def test_a_customer_who_writes_again_reaches_the_substitute(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            gone, substitute = make_agent(team), make_agent(make_team())
            ticket = given(kind, gone)
            answered(gone, ticket)
            away(gone, substitute=substitute)
            move_for_absences()
            actions.customer_reply(actor=customer_of(ticket), ticket=fresh(ticket), body="And now?", form_key=key())
            deliver()
            assert fresh(ticket).assignee == substitute
            told = Notification.objects.filter(kind="tickets.customer_replied").values_list("user_id", flat=True)
            assert list(told) == [substitute.pk]

    @pytest.mark.parametrize("reason", ["queue", "nobody", "substitute_away"])
    def test_without_somebody_to_stand_in_the_queue_decides(self, team: Team, kind: Any, reason: str) -> None:
        with clock.at(MONDAY):
            gone = make_agent(team)
            ticket = given(kind, gone)
            colleague, third = make_agent(team), make_agent(make_team())
            if reason == "queue":
                away(gone, substitute=third, moves=WhileAway.QUEUE)
            elif reason == "nobody":
                away(gone)
            else:
                away(third)
                away(gone, substitute=third)
            move_for_absences()
            deliver()
            assert fresh(ticket).assignee == colleague

    def test_they_stay_when_wanted(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            gone = make_agent(team)
            ticket = given(kind, gone)
            away(gone, substitute=make_agent(team), moves=WhileAway.STAY)
            assert move_for_absences() == 0
            actions.customer_reply(actor=customer_of(ticket), ticket=ticket, body="Hello?", form_key=key())
            deliver()
            assert fresh(ticket).assignee == gone

    def test_back_again_they_stay_until_asked_for(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            gone, substitute = make_agent(team), make_agent(make_team())
            mine, passed_on = given(kind, gone), given(kind, gone)
            away(gone, substitute=substitute)
            move_for_absences()
            client = Client()
            client.force_login(gone)
            with pytest.raises(Conflict):
                actions.take_back_tickets(actor=staff(gone))
            third = make_agent(team)
            actions.reassign_ticket(actor=staff(substitute), ticket=fresh(passed_on), team=team, assignee=third)
            end_absence(actor=staff(gone), absence=Absence.objects.get())
            assert fresh(mine).assignee == substitute
            page = client.get(reverse("console:home_slot", args=["tickets.standing_in"])).content.decode()
            assert "1 open ticket of yours" in page
            assert client.post(reverse("tickets:tickets_take_back")).status_code == 302
            assert fresh(mine).assignee == gone and fresh(passed_on).assignee == third
            assert actions.take_back_tickets(actor=staff(gone)) == 0
            assert not StandIn.objects.filter(ended_at=None).exists()

    def test_who_may_set_whose_absence(self, team: Team) -> None:
        agent, lead, other = make_agent(team), make_user(teams=[team], supervises=True), make_agent(team)
        times = {"starts_at": clock.now(), "ends_at": clock.now() + DAY}
        with pytest.raises(NotAllowed):
            set_absence(actor=staff(other), user=agent, **times)
        set_absence(actor=staff(lead), user=agent, **times)
        with pytest.raises(Invalid) as caught:
            set_absence(actor=staff(agent), user=agent, **times)
        assert "starts_at" in caught.value.fields
        for wrong, field in (
            ({"ends_at": clock.now() - DAY}, "ends_at"),
            ({"substitute": other}, "substitute"),
        ):
            with pytest.raises(Invalid) as caught:
                set_absence(actor=staff(other), user=other, **{**times, **wrong})
            assert field in caught.value.fields

    def test_a_supervisor_finds_the_way_on_the_colleagues_page(self, team: Team) -> None:
        agent, lead, other = make_agent(team), make_user(teams=[team], supervises=True), make_agent(team)
        away(agent)
        page = reverse("console:user_detail", args=[agent.pk])
        way = reverse("console:user_absence", args=[agent.pk])
        for reader, finds in ((lead, True), (other, False)):
            client = Client()
            client.force_login(reader)
            shown = client.get(page).content.decode()
            assert "substitute: --" in shown and (way in shown) == finds
            assert client.get(way).status_code == (200 if finds else 403)

    def test_the_page_sets_and_calls_off(self, team: Team) -> None:
        agent, substitute = make_agent(team), make_agent(team)
        client = Client()
        client.force_login(agent)
        url = reverse("console:own_absence")
        assert "No absence is planned" in client.get(url).content.decode()
        with clock.at(MONDAY):
            values = {"starts_at": "2026-03-03T09:00", "ends_at": "2026-03-05T09:00", "substitute": substitute.pk,
                      "moves": "substitute"}  # fmt: skip
            assert client.post(url, {**values, "ends_at": "2026-03-01T09:00"}).status_code == 422
            assert client.post(url, values).status_code == 302
            row = Absence.objects.get()
            assert row.starts_at == dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC) and row.substitute == substitute
            assert substitute.name in client.get(url).content.decode()
            other = reverse("console:user_absence", args=[substitute.pk])
            assert client.get(other).status_code == 403
            assert client.post(reverse("console:absence_end", args=[row.pk])).status_code == 302
        assert Absence.objects.get().ended_at is not None


class TestShiftEnd:
    @pytest.fixture(autouse=True)
    def _setting(self, team: Team) -> None:
        Team.objects.filter(pk=team.pk).update(moves_at_shift_end=True)

    def urgent(self, kind: Any, agent: User) -> Ticket:
        """Waits for that agent, due within two hours of the clock on the wall."""
        ticket = given(kind, agent)
        due = clock.now() + dt.timedelta(hours=2)
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)
        return fresh(ticket)

    def test_what_is_due_before_the_next_shift_goes_to_who_is_there(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            early = make_agent(team)
            works(early, 9, 11)
            ticket = self.urgent(kind, early)
            late = make_agent(team)
            works(late, 10, 20)
            assert move_after_shifts() == 0
        with clock.at(MONDAY + dt.timedelta(hours=1, minutes=1)):
            assert move_after_shifts() == 1 and move_after_shifts() == 0
            deliver()
            row = fresh(ticket)
            assert row.assignee == late
            assert early.name in rule_text(latest_decision(staff(late), row))
            assert Notification.objects.filter(user=late, kind="tickets.handed_on").count() == 1

    @pytest.mark.parametrize("change", ["off", "answered", "later", "nobody"])
    def test_nothing_moves_without_need_or_somebody(self, team: Team, kind: Any, change: str) -> None:
        with clock.at(MONDAY):
            early = make_agent(team)
            works(early, 9, 11)
            ticket = self.urgent(kind, early)
            if change == "answered":
                answered(early, ticket)
            if change == "off":
                Team.objects.filter(pk=team.pk).update(moves_at_shift_end=False)
            if change == "later":
                Ticket.objects.filter(pk=ticket.pk).update(next_due_at=MONDAY + 2 * DAY)
            if change != "nobody":
                works(make_agent(team), 10, 20)
        with clock.at(MONDAY + dt.timedelta(hours=1, minutes=1)):
            assert move_after_shifts() == 0
            assert fresh(ticket).assignee == early

    def test_a_colleague_at_capacity_gets_nothing(self, team: Team, kind: Any) -> None:
        with clock.at(MONDAY):
            early = make_agent(team)
            works(early, 9, 11)
            ticket = self.urgent(kind, early)
            full = make_agent(team, capacity=1)
            works(full, 10, 20)
            other = submit(kind)
            Ticket.objects.filter(pk=other.pk).update(assignee=full)
        with clock.at(MONDAY + dt.timedelta(hours=1, minutes=1)):
            assert move_after_shifts() == 0 and fresh(ticket).assignee == early


def test_the_night_without_anyone_on_shift(team: Team, kind: Any) -> None:
    """Sent at two in the morning: queued, an honest promise, and the first of the morning shift gets it."""
    night = dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC)  # Tuesday, 2:00 in Shanghai
    opening = dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC)
    first, second = make_agent(team), make_agent(team)
    works(first, 9, 18)
    works(second, 12, 21)
    Team.objects.filter(pk=team.pk).update(moves_at_shift_end=True)
    with clock.at(night):
        ticket = submit(kind, language="en")
        actions.verify_requester(actor=customer_of(ticket), ticket=ticket)
        deliver()
        row = fresh(ticket)
        assert row.assignee is None and not latest_decision(staff(first), row).user
        assert row.answer_expected_at is not None and row.answer_expected_at > opening
        page = Client().get(reverse("help:ticket_track", args=[row.access_token])).content.decode()
        promise = row.answer_expected_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
        assert promise.date() == dt.date(2026, 3, 3) and f"{promise:%H:%M}" in page
        assert move_after_shifts() == 0 and assign_waiting() == 0
    with clock.at(opening - dt.timedelta(minutes=1)):
        assert assign_waiting() == 0 and fresh(ticket).assignee is None
    with clock.at(opening + dt.timedelta(minutes=1)):
        assert assign_waiting() == 1
        assert fresh(ticket).assignee == first
    assert OutgoingMail.objects.filter(to_email=ticket.reply_email).exists()
