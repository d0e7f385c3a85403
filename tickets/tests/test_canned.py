"""Canned replies: whose they are, what they say for a ticket, and how they reach the composer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.translated import Translated
from crm.messaging.models import Message
from crm.testing.suites import signed_in
from tickets.actions import save_canned_reply
from tickets.models import CannedReply

from .builders import make_agent, make_request_type, make_team, make_user, staff, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent(make_team(), name="Han Mei")


@pytest.fixture
def supervisor():
    return make_user("supervisor")


@pytest.fixture
def ticket(agent):
    return submit(make_request_type(team=agent.memberships.get().team), language="zh-hans")


def canned(writer, name="Restart", body="Switch it off and on.", chinese="请重启。", **values):
    """A reply saved by that user: their own unless `user` says otherwise."""
    values = {"user": writer, **values}
    texts = {"name": Translated({"en": name}), "body": Translated({"en": body, "zh-hans": chinese})}
    return save_canned_reply(actor=staff(writer), values={**texts, **values})


def fragment(user, ticket, query=""):
    """What the popover gets for that word."""
    url = reverse("tickets:ticket_canned", args=[ticket.number])
    return signed_in(user).get(url, {"q": query}, headers={"HX-Request": "true"}).content.decode()


def test_the_text_is_filled_in_the_ticket_s_language(agent, ticket):
    canned(agent, body="no", chinese="{{contact.name}}您好，工单 {{ticket.number}}，{{agent.name}}")
    assert f"Li Lei您好，工单 {ticket.number}，Han Mei" in fragment(agent, ticket)


def test_a_missing_language_falls_back(agent, ticket):
    canned(agent, body="Only English", chinese="")
    assert "Only English" in fragment(agent, ticket)


def test_values_are_never_looked_up_again_nor_markup(agent, ticket):
    ticket.contact.__class__.objects.filter(pk=ticket.contact_id).update(name="<b>{{agent.name}}</b>")
    canned(agent, chinese="{{contact.name}}")
    assert "&lt;b&gt;{{agent.name}}&lt;/b&gt;" in fragment(agent, ticket)


@pytest.mark.parametrize("query", ["restart", "on-off", "REST"])
def test_name_and_shortcut_find_it(agent, ticket, query):
    canned(agent, shortcut="on-off")
    canned(agent, name="Refund", chinese="退款")
    found = fragment(agent, ticket, query)
    assert "Restart" in found
    assert "Refund" not in found


def test_pinyin_finds_it(agent, ticket):
    canned(agent, name="重启打印机")
    assert "重启打印机" in fragment(agent, ticket, "cqdyj")


def test_one_s_own_are_offered_to_nobody_else(agent, ticket):
    canned(agent)
    colleague = make_agent(agent.memberships.get().team)
    assert "Restart" not in fragment(colleague, ticket)
    with pytest.raises(NotFound):
        save_canned_reply(actor=staff(colleague), record=CannedReply.objects.get(), values={"order": 1})


def test_a_team_s_are_offered_to_the_team(agent, supervisor, ticket):
    canned(supervisor, user=None, team=agent.memberships.get().team)
    canned(supervisor, name="Elsewhere", user=None, team=make_team())
    found = fragment(agent, ticket)
    assert "Restart" in found
    assert "Elsewhere" not in found


def test_switched_off_is_not_offered(agent, ticket):
    canned(agent, is_active=False)
    assert "Restart" not in fragment(agent, ticket)


def test_sharing_needs_the_right(agent, supervisor):
    with pytest.raises(NotAllowed):
        canned(agent, user=None)
    shared = canned(supervisor, user=None)
    with pytest.raises(NotAllowed):
        save_canned_reply(actor=staff(agent), record=shared, values={"user": agent})
    assert CannedReply.objects.get().user is None


def test_an_unknown_placeholder_is_refused_by_name(agent):
    with pytest.raises(Invalid) as caught:
        canned(agent, body="{{contact.password}}")
    assert "{{contact.password}}" in str(caught.value.fields["body"])


def test_another_s_ticket_offers_nothing(agent, ticket):
    stranger = make_agent(make_team())
    response = signed_in(stranger).get(reverse("tickets:ticket_canned", args=[ticket.number]))
    assert response.status_code == 404


def test_without_scripts_insert_adds_it_and_sends_nothing(agent, ticket):
    row = canned(agent)
    before = Message.objects.count()
    response = signed_in(agent).post(
        reverse("tickets:ticket_reply", args=[ticket.number]),
        {"body": "Dear customer", "canned": row.pk, "insert": "1", "form_key": "a-key-of-this-form"},
    )
    assert response.status_code == 200
    assert response.context["reply_text"] == "Dear customer\n\n请重启。"
    assert response.context["form_key"] == "a-key-of-this-form"
    assert Message.objects.count() == before


@pytest.mark.parametrize("chosen", ["", "999999", "x"])
def test_inserting_nothing_keeps_the_text(agent, ticket, chosen):
    response = signed_in(agent).post(
        reverse("tickets:ticket_reply", args=[ticket.number]), {"body": "Dear", "canned": chosen, "insert": "1"}
    )
    assert response.context["reply_text"] == "Dear"


def test_an_agent_writes_their_own(agent):
    client = signed_in(agent)
    page = client.get(reverse("desk:canned_reply_create")).content.decode()
    assert 'name="audience"' not in page
    names = dict.fromkeys(part.split('"')[0] for part in page.split('name="')[1:])
    data = dict.fromkeys(names, "") | {"order": "10", "is_active": "on"}
    data |= {name: "Off and on" for name in names if name.endswith("_en")}
    response = client.post(reverse("desk:canned_reply_create"), data)
    assert response.status_code == 302, response.content.decode()
    assert CannedReply.objects.get().user == agent


def test_a_supervisor_shares_and_changes(agent, supervisor):
    team = agent.memberships.get().team
    row = canned(supervisor, user=None)
    client = signed_in(supervisor)
    url = reverse("desk:canned_reply_update", args=[row.pk])
    page = client.get(url)
    form_shown = page.context["form"]
    data = {"shown": page.context["shown"], "audience": f"team-{team.pk}", "order": "10", "is_active": "on"}
    data |= {f"{name}_{code}": "Other words" for name in ("name", "body") for code in ("en", "zh_hans")}
    data["_shown"] = page.context["shown"]
    assert form_shown.initial["audience"] == "all"
    assert client.post(url, data).status_code == 302
    row.refresh_from_db()
    assert (row.team, row.user, str(row.name)) == (team, None, "Other words")


def test_an_agent_sees_shared_ones_and_may_not_change_them(agent, supervisor):
    row = canned(supervisor, user=None)
    client = signed_in(agent)
    listed = client.get(reverse("desk:canned_reply_list")).content.decode()
    url = reverse("desk:canned_reply_update", args=[row.pk])
    assert "Restart" in listed
    assert url not in listed
    assert client.get(url).status_code == 403
