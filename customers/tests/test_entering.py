"""Entering a customer that is here already, and seeing addresses that are masked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from crm.activity.models import Activity, Sight, Sighting
from crm.core.actor import Scope
from crm.integrations.tests.builders import Caller
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from customers import actions
from customers.actions import save_address, save_billing_title
from customers.models import Contact, Customer

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db


def test_a_certain_duplicate_asks_why_and_keeps_the_reason() -> None:
    owner = person("customers.view")
    known = make_contact(make_customer("Harbour Toys", owner=owner), phones=["13812345678"])
    seller = person("customers.view", "customers.create", "customers.update", scope=Scope.OWN)
    client = signed_in(seller)
    address = reverse("customers:customer_create")
    sent = {"name": "Quay Games", "kind": "company", "stage": "new", "contact_name": "Wang", "phone": "138 1234 5678"}
    sent |= {"owner": seller.pk}
    asked = client.post(address, sent)
    text = asked.content.decode()
    assert asked.status_code == 422 and f"owned by {owner.name}" in text and "Harbour Toys" not in text
    assert Activity.objects.filter(object_id=known.customer_id).exists() and Customer.objects.count() == 1
    assert client.post(address, sent | {"reason": "Another branch of theirs"}).status_code == 302
    made = Customer.objects.get(name="Quay Games")
    assert made.contacts.get().name == "Wang" and not made.contacts.get().identities.exists()
    assert known.identities.filter(kind="phone").exists()
    page = client.get(reverse("customers:customer_detail", args=[made.number])).content.decode()
    assert "Another branch of theirs" in page


def test_a_new_customer_brings_its_first_contact() -> None:
    client = signed_in(person("customers.view", "customers.create", "customers.update"))
    sent = {"name": "Zhang Wei", "kind": "person", "stage": "new", "email": "Zhang@Example.test"}
    assert client.post(reverse("customers:customer_create"), sent).status_code == 302
    contact = Contact.objects.get()
    assert (contact.name, contact.identities.get().value) == ("Zhang Wei", "zhang@example.test")
    wrong = client.post(reverse("customers:customer_create"), sent | {"name": "Li", "email": "no address"})
    assert wrong.status_code == 422 and "name@example.com" in wrong.content.decode()


def test_one_masked_address_is_uncovered_for_a_visit_and_leaves_a_trace() -> None:
    contact = make_contact(make_customer("Harbour Toys"), emails=["zhangwei@example.test"], phones=["13812345678"])
    phone = contact.identities.get(kind="phone")
    user = person("customers.view", "customers.uncover")
    client, address = signed_in(user), reverse("customers:identity_uncover", args=[phone.pk])
    page = reverse("customers:customer_detail", args=[contact.customer.number])
    assert address in client.get(page).content.decode() and client.get(address).status_code == 302
    shown = client.post(address)
    assert "138 1234 5678" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    after = client.get(page).content.decode()
    assert "138 **** 5678" in after and "138 1234 5678" not in after and "uncovered the Phone" in after
    assert Sighting.objects.filter(user_id=user.pk, object_id=contact.pk, how=Sight.REVEALED).exists()


def test_who_may_not_uncover_has_neither_button_nor_address() -> None:
    contact = make_contact(phones=["13812345678"])
    client, phone = signed_in(person("customers.view")), contact.identities.get(kind="phone")
    address = reverse("customers:identity_uncover", args=[phone.pk])
    page = client.get(reverse("customers:customer_detail", args=[contact.customer.number])).content.decode()
    assert address not in page and client.post(address).status_code == 403
    hidden = signed_in(person("customers.view", "customers.uncover", scope=Scope.OWN)).post(address)
    assert hidden.status_code == 404


def test_where_an_order_goes_is_masked_everywhere_and_uncovered_with_a_trace() -> None:
    values = {"ship_to": "苏州市工业路 12 号 王芳 13812345678", "currency": "CNY"}
    line = actions.NewLine(Decimal(1), Decimal(10), name="Paper")
    order = actions.place_order(actor=SYSTEM, customer=make_customer(), lines=[line], values=values)
    user = person("customers.view", "customers.uncover", "orders.view", "orders.manage")
    client, page = signed_in(user), reverse("customers:order_detail", args=[order.number])
    address, edit = (reverse(f"customers:{name}", args=[order.number]) for name in ("ship_to_uncover", "order_update"))
    before = client.get(page).content.decode()
    assert "苏州市工业路***" in before and address in before and "王芳" not in before
    assert "王芳" not in client.get(edit).content.decode() and client.get(address).status_code == 302
    assert Caller(user).get(f"orders/{order.number}/").json()["ship_to"] == "苏州市工业路***"
    shown = client.post(address)
    assert "王芳 13812345678" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    assert Sighting.objects.filter(user_id=user.pk, object_id=order.pk, how=Sight.REVEALED).exists()
    assert "uncovered the" in client.get(page).content.decode()
    assert "王芳" in signed_in(person("customers.view", "customers.reveal", "orders.view")).get(page).content.decode()
    assert signed_in(person("customers.view", "orders.view")).post(address).status_code == 403


def test_numbers_of_places_and_billing_titles_are_masked_and_kept() -> None:
    customer = make_customer("Harbour Toys")
    place = save_address(
        actor=SYSTEM, customer=customer, values={"line": "1 Quay", "phone": "13812345678", "kind": "visit"}
    )
    values = {"title": "Harbour Toys Ltd", "phone": "13912345678", "bank": "ICBC", "bank_account": "6222000011112222"}
    title = save_billing_title(actor=SYSTEM, customer=customer, values=values)
    client = signed_in(person("customers.view", "customers.update"))
    page = client.get(reverse("customers:customer_detail", args=[customer.number])).content.decode()
    shown = {text for text in ("138****5678", "**** 2222", "13812345678", "6222000011112222") if text in page}
    assert shown == {"138****5678", "**** 2222"}
    for row, name, sent in (
        (place, "address_update", {"kind": "visit", "line": "2 Quay"}),
        (title, "billing_title_update", {"title": "Harbour Toys Limited"}),
    ):
        address = reverse(f"customers:{name}", args=[row.pk])
        form = client.get(address)
        assert "12345678" not in form.content.decode()
        assert client.post(address, sent | {"_shown": form.context["shown"]}).status_code == 302
        row.refresh_from_db()
        assert row.phone.endswith("12345678")
