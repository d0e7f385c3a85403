"""An app that is switched off leaves every registry and every address, and comes back whole."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.access import actor_for
from crm.accounts.models import Role, User
from crm.conditions.registry import CATALOGUE
from crm.console.actions.switches import switch_app
from crm.console.tests.builders import make_user, signed_in
from crm.core import sockets, switches
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.first_steps import setup_steps
from crm.core.models import Brand, Installation
from crm.core.registry import Registry
from crm.testing.access import ask, routes
from crm.testing.suites import staff

pytestmark = pytest.mark.django_db
#: What names stored rows: history must stay readable.
SURVIVE = {
    "kinds", "permissions", "activity types", "clock kinds", "attachment owners", "demo", "seeds",
    "mail templates", "search documents",
}  # fmt: skip


@pytest.fixture
def admin() -> User:
    return make_user("administrator")


def turn(admin: User, label: str, *, on: bool) -> None:
    """Switches as the screen does; the test's transaction never commits, so the look is taken here."""
    switch_app(actor=actor_for(admin), label=label, on=on)
    switches.look()


@pytest.mark.parametrize("registry", sockets.ALL_REGISTRIES, ids=lambda registry: registry.name)
def test_every_registry_hides_the_app_and_shows_it_again(registry: Registry[Any], admin: User) -> None:
    before = list(registry)
    own = [key for key in registry._entries if registry.owner(key) == "tickets"]
    turn(admin, "tickets", on=False)
    assert [entry for entry in registry.in_use() if registry.owner(registry._key(entry)) == "tickets"] == []
    assert all(registry.offered(key) is None and registry.get(key) is not None for key in own)
    if registry.survives:
        assert list(registry) == before
    else:
        assert len(list(registry)) == len(before) - len(own)
    turn(admin, "tickets", on=True)
    assert list(registry) == before


def test_the_registries_that_survive_are_decided() -> None:
    assert {registry.name for registry in sockets.ALL_REGISTRIES if registry.survives} >= SURVIVE


def test_tickets_fill_the_registries_under_their_own_name() -> None:
    for registry, key in (
        (sockets.nav, "tickets"), (sockets.activity_types, "tickets.replied"), (setup_steps, "tickets.types"),
    ):  # fmt: skip
        assert registry.owner(key) == "tickets"
    assert sockets.nav.owner("home") == "crm"


@pytest.mark.parametrize("label", ["tickets", "reports"])
def test_its_addresses_answer_404_and_say_why(label: str, admin: User) -> None:
    client = signed_in(admin)
    spaces = {"tickets": ("tickets:", "desk:", "help:"), "reports": ("reports:",)}[label]
    own = [name for name in routes() if name.startswith(spaces)]
    assert own
    turn(admin, label, on=False)
    for name in own:
        assert ask(client, name).status_code == 404, name
    page = client.get(reverse("tickets:ticket_list" if label == "tickets" else own[0]))
    assert page.status_code == 404 and "switched off" in page.content.decode()


def test_what_is_always_on_still_answers(admin: User) -> None:
    client = signed_in(admin)
    for label in switches.SWITCHABLE:
        turn(admin, label, on=False)
    for address in ("/", "/customers/", "/settings/", "/settings/apps/", "/settings/roles/", "/settings/first-steps/"):
        assert client.get(address).status_code == 200, address
    assert Client().get("/accounts/login/").status_code == 200


def test_navigation_settings_and_first_steps_lose_it(admin: User) -> None:
    client = signed_in(admin)
    assert "/tickets/" in client.get("/").content.decode()
    turn(admin, "tickets", on=False)
    assert 'href="/tickets/"' not in client.get("/").content.decode()
    assert "/settings/service/" not in client.get("/settings/").content.decode()
    assert "request type" not in client.get("/settings/first-steps/").content.decode()


def test_conditions_are_not_offered_but_stored_ones_still_mean_something(admin: User) -> None:
    actor = actor_for(admin)
    assert "ticket.subject" in {path.key for path in CATALOGUE.paths("ticket", actor)}
    turn(admin, "tickets", on=False)
    assert "ticket.subject" not in {path.key for path in CATALOGUE.paths("ticket", actor)}
    assert CATALOGUE.find("ticket", "ticket.subject") is not None


def test_a_role_keeps_the_rights_of_an_app_that_is_off(admin: User) -> None:
    role = Role.objects.get(key="agent")
    held = [name for name in role.permissions if name.startswith("tickets.")]
    turn(admin, "tickets", on=False)
    client = signed_in(admin)
    page = client.get(reverse("console:role_update", args=[role.pk]))
    assert 'name="may_tickets"' not in page.content.decode()
    client.post(
        reverse("console:role_update", args=[role.pk]),
        {"name_0": "Agent", "name_1": "客服", "description_0": "", "description_1": "", "scope_customers": "4"},
    )
    role.refresh_from_db()
    assert [name for name in role.permissions if name.startswith("tickets.")] == held


def test_data_stays(admin: User) -> None:
    from tickets.models import Status

    turn(admin, "tickets", on=False)
    assert Status.objects.exists()


def test_only_who_may_switches_and_only_what_may_be_off(admin: User) -> None:
    assert signed_in(staff("console.view_settings")).post("/settings/apps/", {"app": "reports"}).status_code == 403
    for label in ("customers", "console", "nonsense"):
        with pytest.raises(NotFound):
            switch_app(actor=actor_for(admin), label=label, on=False)
    client = signed_in(admin)
    assert client.post("/settings/apps/", {"app": "reports", "do": "off"}).status_code == 302
    assert Installation.objects.get().apps_off == ["reports"]
    assert "Switch on" in client.get("/settings/apps/").content.decode()
    assert not switch_app(actor=Actor.system(), label="reports", on=False), "it stood so already"


def test_another_process_knows_after_a_few_seconds(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    Installation.objects.update_or_create(pk=1, defaults={"apps_off": ["reports"]})
    client = signed_in(admin)
    assert client.get("/reports/").status_code == 200, "remembered"
    monkeypatch.setattr(switches, "LOOK_EVERY_SECONDS", 5.0)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    assert client.get("/reports/").status_code == 404


def test_visitors_are_offered_the_companys_languages() -> None:
    Brand.objects.update(languages=["zh-hans"])
    switches.look()
    html = Client().get("/help/tickets/new/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-Hans"' in html and "English" not in html
    Brand.objects.update(languages=["en", "zh-hans"])
    switches.look()
    assert '<html lang="en"' in Client().get("/help/", headers={"Accept-Language": "en"}).content.decode()
