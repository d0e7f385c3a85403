"""Demo data in and out: exactly what came goes, what is real stays, for every table of the schema."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.files.storage import default_storage
from django.core.management import call_command

from crm.accounts.access import actor_for
from crm.accounts.models import Team, User
from crm.console.actions.demo import (
    LOAD_KIND,
    demo_users,
    open_run,
    remove_demo,
    start_demo_load,
    start_demo_removal,
)
from crm.console.demo_data.jobs import load_step, remove_step
from crm.console.tests.builders import make_user, signed_in
from crm.core.actor import Actor
from crm.core.demo import PASSWORD
from crm.core.errors import NotReady
from crm.core.models import Brand, DemoRun
from crm.files.models import Blob
from crm.jobs.models import Job
from crm.testing.suites import staff
from tickets.actions import add_note, submit_ticket

pytestmark = pytest.mark.django_db
#: What loading and removing tell of themselves, what ends by its own age (keys, jobs), a number that only grows.
TOLD = {
    "activity_activity", "activity_anchor", "activity_outbox", "core_demorun", "jobs_job", "jobs_idempotencykey",
    "fields_fieldsversion",
}  # fmt: skip


def counts() -> dict[str, int]:
    """Rows of every table."""
    return {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.db_table.startswith("pghistory")
    }


@pytest.fixture(scope="module")
def before(django_db_setup: None, django_db_blocker: Any) -> dict[str, int]:
    """Rows of a product that nobody has used."""
    with django_db_blocker.unblock():
        return counts()


@pytest.fixture(scope="module", autouse=True)
def loaded(before: dict[str, int], demo_database: None) -> None:
    """Every test begins with the demo."""


@pytest.fixture
def owner() -> Actor:
    return actor_for(make_user("administrator", name="Ada Byron"))


def test_every_table_is_as_before(before: dict[str, int]) -> None:
    loaded = counts()
    owner = actor_for(make_user("administrator", name="Ada Byron"))
    own = {name: count - loaded[name] for name, count in counts().items()}
    assert loaded["tickets_ticket"] - before["tickets_ticket"] >= 40
    names = list(Blob.objects.filter(pk__in=open_run().ledger["blobs"]).values_list("storage_name", flat=True))  # type: ignore[union-attr]
    assert names and all(default_storage.exists(name) for name in names)
    assert authenticate(None, username="admin@demo.example", password=PASSWORD) is not None
    ticket: Any = apps.get_model("tickets.Ticket").objects.filter(status__category="open").first()
    add_note(actor=owner, ticket=ticket, body="It goes with its ticket.", form_key="note-on-a-demo-ticket-0000")
    outcome = remove_demo(actor=owner)
    after = counts()
    expected = {name: count + own[name] for name, count in before.items()}
    assert {name: (expected[name], after[name]) for name in before if after[name] != expected[name]}.keys() <= TOLD
    assert outcome["kept"] == []
    assert outcome["removed"] > 1000
    assert authenticate(None, username="admin@demo.example", password=PASSWORD) is None


def test_what_is_real_stays_and_what_it_hangs_on_is_named(owner: Actor) -> None:
    ticket_model: Any = apps.get_model("tickets.Ticket")
    customer_model: Any = apps.get_model("customers.Customer")
    demo_customer = customer_model.objects.exclude(tickets=None).first() or customer_model.objects.first()
    contact = demo_customer.contacts.first()
    asked: Any = apps.get_model("tickets.RequestType").objects.first()
    real = _submit(asked, "real@northwind.example")
    on_demo_customer = _submit(asked, contact.identities.filter(kind="email").first().value)
    assert on_demo_customer.customer == demo_customer
    demo_agent = demo_users().get(email="zhou.min@demo.example")
    ticket_model.objects.filter(pk=real.pk).update(assignee=demo_agent)
    colleague = staff()

    outcome = remove_demo(actor=owner)

    kept = {(row["kind"], row["name"]) for row in outcome["kept"]}
    assert set(ticket_model.objects.values_list("pk", flat=True)) == {real.pk, on_demo_customer.pk}
    assert ("user", demo_agent.name) in kept
    assert any(kind == "customer" and name == str(demo_customer) for kind, name in kept)
    assert set(User.objects.values_list("pk", flat=True)) == {owner.id, colleague.pk, demo_agent.pk}
    assert Team.objects.count() == 1, "the team that answers the real tickets"
    assert contact.identities.exists(), "a person who stays keeps their addresses"
    demo_agent.refresh_from_db()
    assert not demo_agent.is_active and not demo_agent.check_password(PASSWORD)
    real.refresh_from_db()
    assert real.conversation.messages.count() == 1 and real.request_type == asked


def test_it_goes_and_comes_again_by_jobs_once_however_often_they_run(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotReady):
        start_demo_load(actor=owner)
    removal = start_demo_removal(actor=owner)
    assert remove_step(removal) and remove_step(removal)
    assert removal.result["removed"] > 0 and open_run() is None
    with pytest.raises(NotReady):
        remove_demo(actor=owner)
    monkeypatch.setattr("crm.console.demo_data.jobs.TICKETS", 10)
    monkeypatch.setattr("crm.console.demo_data.jobs.CUSTOMERS", 8)
    job = start_demo_load(actor=owner)
    assert load_step(job) and load_step(job)
    assert job.done == job.total and DemoRun.objects.count() == 2 and open_run() is not None


def test_the_screen_says_how_it_stands(owner: Actor) -> None:
    client = signed_in(User.objects.get(pk=owner.id))
    html = client.get("/settings/demo/").content.decode()
    assert 'value="remove"' in html and PASSWORD in html
    with pytest.raises(NotReady, match="person of the demo"):  # nobody saws off their branch
        start_demo_removal(actor=actor_for(User.objects.get(email="admin@demo.example")))
    assert signed_in(staff()).get("/settings/demo/").status_code == 403
    assert client.post("/settings/demo/", {"do": "load"}).status_code == 409
    assert not Job.objects.filter(kind=LOAD_KIND).exists()
    remove_demo(actor=owner)
    assert "Load demo data" in client.get("/settings/demo/").content.decode()


def test_loading_twice_says_so_and_changes_nothing() -> None:
    there, said = counts(), io.StringIO()
    call_command("loaddemo", tickets=20, customers=10, verbosity=0, stdout=said)
    assert "already there" in said.getvalue() and counts() == there


def _submit(asked: Any, email: str) -> Any:
    return submit_ticket(
        actor=Actor.guest(), brand=Brand.default(), request_type=asked, subject="A real request", description="Help",
        name="Li Lei", email=email, consent=True, form_key=f"key-{email}-000000000000000000000000"[:40],
    )  # fmt: skip
