"""The pages of customers hold what every page holds, and what only they do."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.models import User
from crm.core.actor import Scope
from crm.jobs.models import Job
from crm.testing.suites import CreateSuite, DeleteSuite, DetailSuite, ListSuite, PickerSuite, UpdateSuite, signed_in
from crm.testing.suites import staff as person
from crm.ui.generic.bulk import run_batch
from customers.models import Contact, Customer, Identity

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db


class ByNumber:
    def argument(self, record: Any) -> Any:
        return record.number

    def make_one(self) -> Any:
        return make_customer("Harbour Toys")


class TestList(ListSuite):
    url_name, permission = "customers:customer_list", "customers.view"

    def make(self, count: int) -> list[Any]:
        return [make_customer() for _number in range(count)]


class TestOwnList(TestList):
    """Outside the scope nothing is listed."""

    def test_others_are_not_listed(self) -> None:
        row = make_customer()
        client = signed_in(person("customers.view", scope=Scope.OWN))
        assert row.pk not in self.rows_of(client.get(self.url(), {"own": "1"}))


class TestDetail(ByNumber, DetailSuite):
    url_name, permission, others = "customers:customer_detail", "customers.view", ("tickets.view",)

    def make_one(self) -> Any:
        return make_contact(make_customer("Harbour Toys")).customer


class TestCreate(CreateSuite):
    url_name, permission, others = "customers:customer_create", "customers.create", ("customers.view",)
    kept = "Kept address"

    def rows(self) -> Any:
        return Customer.objects.all()

    def good(self) -> dict[str, Any]:
        return {"name": "Harbour Toys", "kind": "company", "stage": "new", "address": "Kept address"}

    def bad(self) -> dict[str, Any]:
        return self.good() | {"name": "\u200b"}


class TestUpdate(ByNumber, UpdateSuite):
    url_name, permission, others = "customers:customer_update", "customers.update", ("customers.view",)
    kept = "Kept words"

    def change(self) -> dict[str, Any]:
        return {"industry": "Kept words"}

    def bad(self) -> dict[str, Any]:
        return {"industry": "Kept words", "website": "no address"}

    def rival(self, record: Any) -> None:
        Customer.objects.filter(pk=record.pk).update(industry="Theirs")

    def changed(self, record: Any) -> bool:
        return bool(Customer.objects.get(pk=record.pk).industry == "Kept words")


class TestDelete(ByNumber, DeleteSuite):
    url_name, permission, others = "customers:customer_delete", "customers.delete", ("customers.view",)


class TestPicker(PickerSuite):
    kind, permissions = "customer", ("customers.view",)

    def make_one(self) -> Any:
        return make_customer("Harbour Toys")


@pytest.fixture
def contact() -> Contact:
    return make_contact(emails=["zhangwei@example.test"], phones=["13812345678"])


def test_a_person_is_added_and_errors_keep_what_was_typed() -> None:
    client, customer = signed_in(person("customers.view", "customers.update", "customers.reveal")), make_customer()
    address = reverse("customers:contact_create", args=[customer.number])
    assert client.get(address).status_code == 200
    bad = client.post(address, {"name": "Zhang Wei", "emails": "no address"})
    assert bad.status_code == 422 and "Zhang Wei" in bad.content.decode()
    assert client.post(address, {"name": "Zhang Wei", "emails": "a@example.test\nb@example.test"}).status_code == 302
    assert Identity.objects.count() == 2
    taken = client.post(address, {"name": "Li", "emails": "A@example.test"})
    assert taken.status_code == 422 and "Another contact already has" in taken.content.decode()


def test_who_may_not_reveal_edits_a_person_without_seeing_addresses(contact: Contact) -> None:
    client = signed_in(person("customers.view", "customers.update"))
    address = reverse("customers:contact_update", args=[contact.pk])
    page = client.get(address)
    assert "zhangwei" not in page.content.decode() and "13812345678" not in page.content.decode()
    sent = {"name": "Zhang Wei", "job_title": "Buyer", "_shown": page.context["shown"]}
    assert client.post(address, sent).status_code == 302
    assert Contact.objects.get().job_title == "Buyer" and Identity.objects.count() == 2


def test_who_may_reveal_changes_addresses(contact: Contact) -> None:
    client = signed_in(person("customers.view", "customers.update", "customers.reveal"))
    address = reverse("customers:contact_update", args=[contact.pk])
    page = client.get(address)
    assert "zhangwei@example.test" in page.content.decode()
    sent = {"name": contact.name, "emails": "new@example.test", "phones": "+8613812345678"}
    assert client.post(address, sent | {"_shown": page.context["shown"]}).status_code == 302
    assert set(Identity.objects.values_list("value", flat=True)) == {"new@example.test", "+8613812345678"}


def test_the_page_masks_addresses(contact: Contact) -> None:
    address = reverse("customers:customer_detail", args=[contact.customer.number])
    page = signed_in(person("customers.view")).get(address).content.decode()
    assert "zha***@example.test" in page and "138 **** 5678" in page
    assert "zhangwei@" not in page and "tel:" not in page and "Add note" not in page
    assert (
        'href="tel:+8613812345678"'
        in signed_in(person("customers.view", "customers.reveal")).get(address).content.decode()
    )


def run(user: User, key: str, rows: list[Customer], **form: Any) -> Job:
    sent = {"ids": [row.pk for row in rows], "confirmed": "1", **form}
    response = signed_in(user).post(reverse("ui:list_bulk", args=["customer", key]), sent)
    assert response.status_code == 302, response.content.decode()[:1500]
    job = Job.objects.latest("pk")
    while not run_batch(job):
        pass
    return job


def test_many_customers_get_an_owner_and_a_stage() -> None:
    user = person("customers.view", "customers.update")
    rows = [make_customer() for _number in range(3)]
    job = run(user, "owner", rows, owner=user.pk)
    assert (job.done, job.skipped_count, Customer.objects.filter(owner=user).count()) == (3, 0, 3)
    run(user, "stage", rows, stage="dormant")
    assert Customer.objects.filter(stage="dormant").count() == 3
    run(user, "owner", rows, owner="")
    assert not Customer.objects.filter(owner=user).exists()
