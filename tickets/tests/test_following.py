"""Followers and mentions: who is told, who is warned about, who hears nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.notifications.models import Notification
from crm.testing.suites import signed_in
from tickets.actions import (
    accept_ticket,
    add_note,
    change_status,
    customer_reply,
    follow_ticket,
    reassign_ticket,
    unfollow_ticket,
)
from tickets.mentions import mentions_in
from tickets.models import TicketFollower

from .builders import (
    customer_of,
    deliver,
    fresh,
    key,
    make_agent,
    make_request_type,
    make_team,
    make_user,
    staff,
    status,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def agent(team):
    return make_agent(team, name="Han Mei", takes_tickets=False)


@pytest.fixture
def colleague(team):
    return make_agent(team, name="张伟", takes_tickets=False)


@pytest.fixture
def ticket(team):
    ticket = submit(make_request_type(team=team))
    deliver()
    return ticket


def note(writer, ticket, body):
    add_note(actor=staff(writer), ticket=ticket, body=body, form_key=key())
    deliver()


def told(user):
    return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


@pytest.mark.parametrize(
    "body", ["@张伟 please look", "请@张伟看一下", "＠张伟", "(@[张伟])", "see @zhang, @张伟, and @张伟 again"]
)
def test_a_mention_tells_and_makes_a_follower(agent, colleague, ticket, body):
    note(agent, ticket, body)
    assert told(colleague) == ["tickets.mentioned"]
    assert list(TicketFollower.objects.values_list("user", flat=True)) == [colleague.pk]


@pytest.mark.parametrize("body", ["张伟 knows", "mail a@张伟.example", "@", "@ 张伟", "@Nobody", "@[]", "x@Han Mei"])
def test_what_is_no_mention(agent, colleague, ticket, body):
    note(agent, ticket, body)
    assert told(colleague) == []
    assert not TicketFollower.objects.exists()


def test_the_longest_name_is_meant(team, agent, colleague, ticket):
    longer, anna, ann = (make_agent(team, name=name) for name in ("张伟强", "Anna", "Ann"))
    found = [mention.user for mention in mentions_in("@张伟强 and @ANNA", ticket)]
    assert found == [longer, anna]
    assert [mention.user for mention in mentions_in("@Ann, hi", ticket)] == [ann]


def test_one_s_own_name_tells_nobody(agent, ticket):
    note(agent, ticket, "@Han Mei was here")
    assert told(agent) == []
    assert not TicketFollower.objects.exists()


def test_who_cannot_see_the_ticket_is_named_in_a_warning(agent, ticket):
    stranger = make_agent(make_team(), name="Li Hua")
    url = reverse("tickets:ticket_note", args=[ticket.number])
    page = signed_in(agent).post(url, {"body": "@Li Hua look", "form_key": key()}, follow=True).content.decode()
    deliver()
    assert "Li Hua cannot see this ticket" in page
    assert told(stranger) == []
    assert not TicketFollower.objects.exists()


def test_followers_hear_of_words_and_changes_but_not_of_their_own(agent, colleague, ticket):
    follow_ticket(actor=staff(colleague), ticket=ticket)
    follow_ticket(actor=staff(colleague), ticket=ticket)
    accept_ticket(actor=staff(agent), ticket=ticket)
    note(agent, ticket, "Looks odd")
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Any news?", form_key=key())
    change_status(actor=staff(agent), ticket=fresh(ticket), status=status("on_hold"))
    note(colleague, ticket, "My own words")
    assert told(colleague) == ["tickets.customer_replied", "tickets.noted", "tickets.status_changed"]
    assert Notification.objects.get(user=colleague, kind="tickets.noted").count == 1


def test_a_follower_who_is_the_assignee_is_told_once(agent, ticket):
    accept_ticket(actor=staff(agent), ticket=ticket)
    follow_ticket(actor=staff(agent), ticket=ticket)
    customer_reply(actor=customer_of(ticket), ticket=ticket, body="Any news?", form_key=key())
    deliver()
    assert Notification.objects.get(user=agent).count == 1


def test_who_no_longer_sees_it_hears_no_more(agent, colleague, ticket):
    follow_ticket(actor=staff(colleague), ticket=ticket)
    supervisor = make_user("administrator")
    reassign_ticket(actor=staff(supervisor), ticket=ticket, team=make_team(), assignee=None)
    deliver()
    note(supervisor, fresh(ticket), "Secret of the other team")
    assert "tickets.noted" not in told(colleague)


def test_the_button_follows_and_stops(agent, ticket):
    client = signed_in(agent)
    page = reverse("tickets:ticket_detail", args=[ticket.number])
    follow, stop = (reverse(f"tickets:ticket_{verb}", args=[ticket.number]) for verb in ("follow", "unfollow"))
    assert follow in client.get(page).content.decode()
    assert client.post(follow).status_code == 302
    shown = client.get(page).content.decode()
    assert stop in shown
    assert "Han Mei" in shown
    client.post(stop)
    client.post(stop)
    assert not TicketFollower.objects.exists()


def test_unfollowing_ends_it(agent, colleague, ticket):
    follow_ticket(actor=staff(colleague), ticket=ticket)
    unfollow_ticket(actor=staff(colleague), ticket=ticket)
    note(agent, ticket, "Quiet")
    assert told(colleague) == []


def test_the_popover_offers_those_who_work_on_tickets(agent, colleague, ticket):
    make_user("marketer", name="张红")
    url = reverse("tickets:ticket_mentions", args=[ticket.number])
    found = signed_in(agent).get(url, {"q": "zhang"}, headers={"HX-Request": "true"}).content.decode()
    assert 'data-text="@张伟 "' in found
    assert "张红" not in found
