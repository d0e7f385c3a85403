"""Every address × every role × the own and the other team's record: who gets in, and that a refusal changes nothing.

What should happen is worked out from each app's access table, the roles' seeded rights and the one rule of data
scope. A new address is in the matrix as soon as it exists.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.core.actor import Scope
from crm.testing import access
from crm.testing.builders import staff

from .headers import carries_the_policies
from .world import Settings, Side, World, addresses, fingerprint, make_settings, make_world, undone

pytestmark = pytest.mark.django_db

OTHERS = ("administrator", "agent", "executive", "auditor", "employee")
#: The first two prove the rule of scope and of signing in every time; the whole matrix is in the slow tier.
ROLES = (
    "stranger",
    "guest",
    *(pytest.param(role, marks=pytest.mark.slow) for role in OTHERS),
)
TABLE = {name: access.declared_permission(name) or access.LOGIN for name in access.routes()} | access.tables()
#: Addresses of one side's ticket; they are there for whoever has the ticket in their data scope.
OF_TICKETS = tuple(
    name for name, example in access.routes().items() if name.startswith("tickets:") and "number" in example
)
#: What belongs to one person alone, whatever rights others hold. Jobs and shared views have a keeper besides.
OF_ONE_PERSON = ("notifications:notification_read", "notifications:notification_unread")
OF_OWNER = ("ui:view_update", "ui:view_save", "ui:view_delete", "ui:job_detail", "ui:job_cancel")
KEEPERS = {"ui:job_detail": "console.manage_jobs", "ui:job_cancel": "console.manage_jobs"}
#: A file is where its ticket is; nobody is asked to sign in, the file is just not there.
FILES = ("files:attachment_download", "files:attachment_preview")
#: Parts of every list and page, asked for those of tickets: they need the right of what they serve.
SERVE_TICKETS = ("ui:list_counts", "ui:list_columns", "ui:list_export", "ui:list_bulk", "ui:view_create", "ui:panel")
#: Writing is the point of these, whoever asks and whatever comes of it: the log of tries, the trap for machines.
LEAVE_TRACES = ("console:login",)
#: Says how the machine is doing; nothing runs beside a test.
HEALTH = "console:readyz"
#: Addresses between two looks at every row: a look costs as much as ten requests.
PART = 25


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


@pytest.fixture
def shared(world: World) -> Settings:
    return make_settings(world.people["employee"])


def sees_ticket(world: World, role: str, side: Side) -> bool:
    """The rule in words: all, one's department's, one's teams', one's own."""
    if role == "guest":
        return False
    actor = staff(world.people[role])
    if not actor.can("tickets.view"):
        return False
    scope = actor.scope("tickets")
    return scope == Scope.ALL or (scope >= Scope.OWN and world.people[role] == side.agent)


def is_hidden(world: World, role: str, name: str, side: Side) -> bool:
    """Whether the address must look as if nothing was there."""
    person = world.people.get(role)
    if name in OF_TICKETS or name in FILES or name == "ui:timeline":
        return not sees_ticket(world, role, side)
    if name in OF_ONE_PERSON:
        return person != side.agent
    if name in OF_OWNER:
        keeper = KEEPERS.get(name)
        return person != side.agent and not (keeper and person and staff(person).can(keeper))
    return False


def lacks(world: World, role: str, name: str) -> bool:
    needs = [*access.permissions_of(TABLE[name]), *(["tickets.view"] if name in SERVE_TICKETS else [])]
    return any(not staff(world.people[role]).can(need) for need in needs)


@pytest.mark.parametrize("role", ROLES)
def test_reading(world: World, shared: Settings, role: str) -> None:
    wrong, asked = [], set()
    for side in (world.own, world.other):
        for name, arguments in addresses(side, shared).items():
            expected = _expected(world, role, name, side)
            question = (reverse(name, kwargs=arguments), expected)
            if name == HEALTH or question in asked:
                continue
            asked.add(question)
            response = undone(world.client(role), "get", reverse(name, kwargs=arguments))
            if not _matches(expected, response):
                wrong.append(f"{name} of {side.word}: {response.status_code}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_writing_is_refused_before_anything_is_written(world: World, shared: Settings, role: str) -> None:
    """An empty POST to what the role may not do, or may not do to this record; as a fragment, so that the refusal is
    a line and not a whole page."""
    wrong, asked = [], set()
    client, typed = world.client(role), dict.fromkeys(("body", "subject", "name"), "written") | {"confirmed": "1"}
    for side in (world.own, world.other):
        refused = {
            name: url
            for name, arguments in addresses(side, shared).items()
            if TABLE[name] != access.PUBLIC
            and _expected(world, role, name, side) != "open"
            and (url := reverse(name, kwargs=arguments)) not in asked
        }
        asked.update(refused.values())
        before = fingerprint()
        for name, url in refused.items():
            response = client.post(url, typed, headers={"HX-Request": "true"})
            if response.status_code not in {401, 403, 404, 405}:
                wrong.append(f"{name} of {side.word}: POST answered {response.status_code}")
        after = fingerprint()
        changed = [table for table in after if after[table] != before[table]]
        if changed:
            wrong.append(f"rows changed: {', '.join(changed)}")
    assert not wrong, "\n".join(wrong)


def test_reading_changes_nothing(world: World, shared: Settings) -> None:
    """No state by GET, for whoever opens everything; a guest comes twice, as a crawler would. With every policy."""
    for role, times in (("administrator", 1), ("guest", 2)):
        client = world.client(role)
        client.get("/help/")
        before = fingerprint()
        for name, arguments in addresses(world.own, shared).items():
            for _time in range(times):
                response = client.get(reverse(name, kwargs=arguments))
                assert response.status_code < 500 or name == HEALTH, name
                carries_the_policies(name, response)
        after = fingerprint()
        assert [table for table in after if after[table] != before[table]] == []


@pytest.mark.slow
def test_every_refusal_changes_nothing_for_who_may_do_everything(world: World, shared: Settings) -> None:
    """A 4xx to an administrator (a form with nothing in it) leaves every row as it was."""
    client, wrong = world.client("administrator"), []
    tried = [(name, kept) for name, kept in addresses(world.own, shared).items() if name not in LEAVE_TRACES]
    before = fingerprint()
    for start in range(0, len(tried), PART):
        refused = []
        for name, arguments in tried[start : start + PART]:
            url = reverse(name, kwargs=arguments)
            if 400 <= undone(client, "post", url, {}).status_code < 500:
                client.post(url, {})
                refused.append(name)
        after = fingerprint()
        wrong += [f"{table}, by one of {refused}" for table in after if after[table] != before[table]]
        before = after
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_no_other_method_does_anything(world: World, shared: Settings, method: str) -> None:
    client = world.client("administrator")
    before = fingerprint()
    for name, arguments in addresses(world.own, shared).items():
        response = getattr(client, method)(reverse(name, kwargs=arguments))
        assert response.status_code < 500, name
    after = fingerprint()
    assert [table for table in after if after[table] != before[table]] == []


#: What machines post to: a signature or a secret in the address stands in for the form's token.
FOR_MACHINES = {"messaging:sms_incoming", "messaging:sms_report", "responses:unsubscribe"}


def test_without_the_form_token_nothing_is_taken(world: World, shared: Settings) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.people["administrator"])
    for name, arguments in addresses(world.own, shared).items():
        response = client.post(reverse(name, kwargs=arguments), {"a": "b"}, headers={"hx-request": "true"})
        refused = {403, 404, 405} if name in FOR_MACHINES else {401} if access.needs_token(TABLE[name]) else {403, 405}
        assert response.status_code in refused, f"{name}: {response.status_code}"


EXTRA = {
    "id": 1, "pk": 1, "number": 1, "is_staff": "on", "is_active": "", "is_superuser": "on", "is_administrator": "on",
    "owner": 1, "owner_id": 1, "created_at": "2001-01-01", "created_by": 1, "deleted_at": "2001-01-01", "roles": 1,
    "permissions": "console.manage_staff", "scopes": "{}", "session_epoch": 99, "password": "x", "access_token": "x",
    "visibility": "public", "direction": "inbound", "brand": 1, "resolved_at": "2001-01-01", "sla_state": "met",
}  # fmt: skip


def test_fields_that_a_form_does_not_offer_are_not_set(world: World) -> None:
    """Mass assignment: an agent saves the own profile, a ticket and a customer with everything thrown in."""
    from crm.accounts.models import User
    from customers.models import Customer
    from tickets.models import Ticket

    client, side = world.client("agent"), world.own
    url = reverse("tickets:ticket_update", args=[side.ticket.number])
    typed = {"subject": "New subject", "request_type": side.ticket.request_type_id, "impact": 2, "urgency": 2}
    client.post(url, {**EXTRA, **typed})
    ticket = Ticket.objects.get(pk=side.ticket.pk)
    assert (ticket.number, ticket.access_token, ticket.created_at, ticket.resolved_at, ticket.deleted_at) == (
        side.ticket.number, side.ticket.access_token, side.ticket.created_at, side.ticket.resolved_at, None,
    )  # fmt: skip
    client.post(reverse("ui:preferences"), {**EXTRA, "language": "en", "theme": "dark"})
    client.post(reverse("ui:preferences_page"), {**EXTRA, "language": "en", "theme": "dark", "density": "compact"})
    user = User.objects.get(pk=side.agent.pk)
    assert [role.key for role in user.roles.all()] == ["agent"] and user.is_active and user.session_epoch == 0
    number = side.ticket.customer.number
    client.post(reverse("customers:customer_update", args=[number]), {**EXTRA, "name": "New", "kind": "company"})
    assert Customer.objects.get(pk=side.ticket.customer_id).number == number


def _expected(world: World, role: str, name: str, side: Side) -> str:
    need = TABLE[name]
    if need == access.PUBLIC:
        return "hidden" if name in FILES and is_hidden(world, role, name, side) else "open"
    if role == "guest" or access.needs_token(need):
        return "sign in"  # the API knows tokens alone: whoever is signed in on pages is a stranger to it
    if lacks(world, role, name):
        return "forbidden"
    return "hidden" if is_hidden(world, role, name, side) else "open"


def _matches(expected: str, response: Any) -> bool:
    status = response.status_code
    if expected == "sign in":
        return access.asks_to_sign_in(response)
    if expected == "forbidden":
        return status in {403, 405}
    if expected == "hidden":
        return status in {403, 404, 405}
    return status < 500 and status not in {401, 403} and not access.asks_to_sign_in(response)
