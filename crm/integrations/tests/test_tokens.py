"""Tokens: shown once, narrowed, ended; applications; what a token leaves in the audit log."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from crm.accounts.models import Role, User
from crm.activity.models import Activity
from crm.activity.recording import record
from crm.core import clock
from crm.core.actor import Actor, ActorKind, Scope
from crm.core.errors import DomainError, Invalid, NotAllowed, NotFound
from crm.integrations.actions import add_application, make_token, revoke_token
from crm.integrations.exceptions import BeyondOwnRights
from crm.integrations.keys import actor_of, token_of
from crm.integrations.models import ApiToken
from crm.testing.builders import make_user, staff
from crm.testing.suites import DetailSuite, ListSuite, signed_in
from crm.testing.suites import staff as staff_with

pytestmark = pytest.mark.django_db


def ask(secret: str) -> int:
    return Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/teams/").status_code


def test_a_token_opens_the_door_until_it_is_revoked_runs_out_or_its_user_leaves():
    user = make_user("supervisor")
    made = make_token(actor=staff(user), name="Export", expires_at=clock.now() + dt.timedelta(days=1))
    assert made.secret not in str(ApiToken.objects.values().get()), "only a digest is kept"
    assert ask(made.secret) == 200
    assert ApiToken.objects.get().last_used_at is not None
    with clock.shifted(dt.timedelta(days=2)):
        assert ask(made.secret) == 401
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert ask(made.secret) == 401
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert ask(made.secret) == 200
    revoke_token(actor=staff(user), record=made.token)
    revoke_token(actor=staff(user), record=made.token)
    assert ask(made.secret) == 401
    told = [row.key for row in Activity.objects.filter(object_id=made.token.pk).order_by("pk")]
    assert told.count("integrations.token_made") == told.count("integrations.token_revoked") == 1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Bearer crm_x", "Basic YTpi", "Bearer crm_\x7f"])
def test_anything_else_is_refused_and_a_session_is_no_token(header):
    client = Client(headers={"Authorization": header} if header else {})
    client.force_login(make_user("administrator"))
    response = client.get("/api/v1/teams/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["code"] == "not_signed_in"


def test_a_token_does_what_its_user_may_narrowed_to_what_was_chosen():
    user = make_user("supervisor")
    whole = make_token(actor=staff(user), name="All").token
    narrow = make_token(actor=staff(user), name="Read", permissions=["tickets.view"]).token
    assert actor_of(whole).can("tickets.reply")
    actor = actor_of(narrow)
    assert (actor.kind, actor.user_id, actor.is_staff) == (ActorKind.TOKEN, user.pk, True)
    assert actor.can("tickets.view") and not actor.can("tickets.reply")
    assert actor.scope("tickets") == Scope.DEPARTMENT
    assert actor.scope("customers") == Scope.NONE, "a scope without the right to see opens nothing"
    user.roles.clear()
    assert not actor_of(narrow).can("tickets.view"), "never more than the user may at the moment of the call"


def test_who_may_make_which_token():
    agent, manager, other = make_user("agent"), make_user("administrator"), make_user("supervisor")
    with pytest.raises(NotAllowed):
        make_token(actor=staff(agent), name="Mine")
    with pytest.raises(NotFound):
        make_token(actor=staff(manager), name="A colleague's", user=other)
    with pytest.raises(NotAllowed):
        add_application(actor=staff(other), name="Shop", role=Role.objects.get(key="agent"))
    for wrong in ({"name": " "}, {"name": "x", "expires_at": clock.now()}, {"name": "x", "permissions": []}):
        with pytest.raises(Invalid):
            make_token(actor=staff(manager), **wrong)
    foreign = make_token(actor=staff(other), name="Other's").token
    with pytest.raises(DomainError):
        revoke_token(actor=staff(agent), record=foreign)
    revoke_token(actor=staff(manager), record=foreign)


def test_an_application_has_its_own_role_and_stands_in_no_list_of_people(client):
    manager = make_user("administrator")
    shop = add_application(actor=staff(manager), name="Web shop", role=Role.objects.get(key="agent"))
    token = make_token(actor=staff(manager), name="Orders", user=shop)
    actor = actor_of(token.token)
    assert actor.can("orders.manage") and not actor.can("tickets.manage")
    assert actor.label == "Web shop · Orders"
    assert shop not in User.objects.active() and not shop.has_usable_password()
    client.force_login(manager)
    assert "Web shop" not in client.get(reverse("console:user_list"), {"own": "1"}).content.decode()
    small = staff_with("integrations.manage")
    with pytest.raises(BeyondOwnRights):
        add_application(actor=staff(small), name="Too much", role=Role.objects.get(key="agent"))


def test_the_command_prints_a_token():
    user = make_user("supervisor")
    out = StringIO()
    call_command("createtoken", user.email, "--days", "1", "--permission", "tickets.view", stdout=out)
    token = token_of(out.getvalue().strip())
    assert token is not None and token.permissions == ["tickets.view"]
    assert dt.timedelta(hours=23) < token.expires_at - clock.now() <= dt.timedelta(days=1)
    for wrong in (["nobody@example.test"], [user.email, "--permission", "tickets.manage_everything"]):
        with pytest.raises(CommandError):
            call_command("createtoken", *wrong, stdout=out)


def test_the_secret_is_shown_once_and_never_kept_by_a_browser():
    user = staff_with("integrations.own_tokens", "tickets.view")
    browser = signed_in(user)
    page = browser.post(reverse("integrations:token_create"), {"name": "Export", "days": "30", "may": "tickets.view"})
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    secret = next(word for word in page.content.decode().split('"') if word.startswith(token.hint))
    assert token_of(secret) == token and token.permissions == ["tickets.view"]
    assert secret not in browser.get(reverse("integrations:token_detail", args=[token.pk])).content.decode()
    refused = browser.post(reverse("integrations:token_create"), {"name": "", "days": "30"})
    assert refused.status_code == 422
    browser.post(reverse("integrations:token_revoke", args=[token.pk]))
    assert ask(secret) == 401


def test_deeds_through_a_token_are_found_under_the_person_too():
    manager, user = make_user("administrator"), make_user("supervisor", name="Wang Fang")
    token = make_token(actor=staff(user), name="Bot").token
    record(actor=actor_of(token), type="integrations.webhook_saved", subject=token, data={"name": "By a machine"})
    page = signed_in(manager).get(reverse("console:audit_log"), {"actor": user.pk})
    assert "By a machine" in page.content.decode()
    assert "Wang Fang · Bot" in page.content.decode()


class TestTokenList(ListSuite):
    url_name, permission = "integrations:token_list", "integrations.own_tokens"

    def make(self, count: int) -> list[ApiToken]:
        mine = User.objects.filter(roles__permissions__contains=[self.permission]).order_by("-pk").first()
        return [make_token(actor=Actor.system(), user=mine, name=f"Token {n}").token for n in range(count)]


class TestTokenDetail(DetailSuite):
    url_name, permission = "integrations:token_detail", "integrations.own_tokens"

    def make_one(self) -> ApiToken:
        mine = User.objects.filter(roles__permissions__contains=[self.permission]).order_by("-pk").first()
        return make_token(actor=Actor.system(), user=mine or make_user("administrator"), name="Token").token

    def make_hidden(self) -> ApiToken:
        return make_token(actor=Actor.system(), user=make_user("administrator"), name="Not yours").token
