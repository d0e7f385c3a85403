"""Customers, their people and addresses, through the verbs."""

from __future__ import annotations

import pytest
from django.db import connection

from crm.accounts.access import actor_for
from crm.activity.models import Activity
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.models import Brand
from crm.testing.suites import staff as person
from customers.actions import (
    add_contact,
    add_note,
    create_customer,
    delete_customer,
    recognise,
    update_contact,
    update_customer,
    verify_identity,
)
from customers.exceptions import BadEmail, BadPhone, IdentityTaken
from customers.models import Contact, Customer, Identity
from customers.recognising.identities import masked_email, masked_phone, normal_phone, shown_phone
from customers.selectors import contacts_of, email_of, phone_of, shown_address

from .builders import SYSTEM, make_contact, make_customer

pytestmark = pytest.mark.django_db


def test_whoever_enters_a_customer_owns_it() -> None:
    user = person("customers.view", "customers.create", scope=Scope.OWN)
    customer = create_customer(actor=actor_for(user), values={"name": " 云帆\u202e  科技 "})
    assert (customer.name, customer.owner, customer.source, customer.stage) == ("云帆 科技", user, "staff", "new")
    assert Customer.objects.matching("yunfan").get() == customer
    assert Customer.objects.matching(customer.label).get() == customer


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x", "number": 1}, "number"),
        ({"name": "x", "stage": "gone"}, "stage"),
        ({"name": "x", "kind": "alien"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_customer(actor=SYSTEM, values=values)
    assert list(refused.value.fields) == [field]
    assert not Customer.objects.exists()


def test_a_change_is_recorded_in_both_languages_and_none_is_not() -> None:
    customer = make_customer()
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "active", "industry": "Toys"})
    update_customer(actor=SYSTEM, customer=customer, values={"stage": "active", "industry": "Toys"})
    changed = Activity.objects.get(object_id=customer.pk, type=1301)
    assert set(changed.data["fields"]) == {"en", "zh-hans"} and changed.data["changes"]["stage"] == ["new", "active"]


def test_another_owners_customer_is_not_there() -> None:
    customer, actor = make_customer(), actor_for(person("customers.view", "customers.update", scope=Scope.OWN))
    contact = make_contact(customer)
    for deed in (
        lambda: update_customer(actor=actor, customer=customer, values={"name": "x"}),
        lambda: add_note(actor=actor, customer=customer, text="x"),
        lambda: add_contact(actor=actor, customer=customer, name="x"),
        lambda: update_contact(actor=actor, contact=contact, name="x", emails=[], phones=[]),
    ):
        with pytest.raises(NotFound):
            deed()
    with pytest.raises(NotAllowed):
        delete_customer(actor=actor, customer=customer)
    assert contacts_of(actor, customer) == []


def test_a_contact_actor_sees_only_itself() -> None:
    first, second = make_contact(), make_contact()
    actor = Actor.contact(first.pk, first.name)
    assert set(Contact.objects.visible_to(actor)) == {first}
    assert set(Identity.objects.visible_to(actor)) == set(first.identities.all())
    assert not Customer.objects.visible_to(actor).exists() and second.pk


def test_the_first_address_of_a_kind_is_the_main_one_and_what_was_proved_stays() -> None:
    contact = make_contact(emails=["A@example.test", "b@example.test", "a@EXAMPLE.test"], phones=["13800000001"])
    assert (email_of(contact).value, phone_of(contact).value) == ("a@example.test", "+8613800000001")
    assert phone_of(contact).is_primary and contact.identities.count() == 3
    verify_identity(actor=SYSTEM, identity=email_of(contact))
    update_contact(actor=SYSTEM, contact=contact, name="New", emails=["b@example.test", "a@example.test"], phones=[])
    again = Contact.objects.get(pk=contact.pk)
    assert email_of(again).value == "b@example.test" and phone_of(again) is None
    assert again.identities.get(value="a@example.test").verified_at is not None


def test_an_address_belongs_to_one_contact() -> None:
    make_contact(emails=["a@example.test"])
    with pytest.raises(IdentityTaken) as refused:
        make_contact(emails=["A@example.test"])
    assert list(refused.value.fields) == ["emails"]
    for wrong, error in ((["no"], BadEmail), (["a@b"], BadEmail)):
        with pytest.raises(error):
            make_contact(emails=wrong)
    with pytest.raises(BadPhone):
        make_contact(phones=["12"])


def test_the_address_of_a_deleted_customer_can_come_again() -> None:
    contact = make_contact(emails=["a@example.test"], phones=["13800000001"])
    delete_customer(actor=SYSTEM, customer=contact.customer)
    assert not Customer.objects.exists() and not Contact.objects.exists() and not Identity.objects.exists()
    found = recognise(actor=SYSTEM, brand=Brand.default(), name="Again", email="a@example.test", phone="+8613800000001")
    assert found.is_new and found.contact.pk != contact.pk
    assert Identity.all_objects.filter(value="a@example.test").count() == 2


def test_addresses_are_masked_for_those_who_may_not_see_them() -> None:
    contact = make_contact(emails=["zhangwei@example.test"], phones=["13812345678"])
    having, without = actor_for(person("customers.view", "customers.reveal")), actor_for(person("customers.view"))
    shown = [[shown_address(actor, row) for row in contact.identities.order_by("pk")] for actor in (having, without)]
    assert shown == [["zhangwei@example.test", "138 1234 5678"], ["zha***@example.test", "138 **** 5678"]]
    assert masked_email("bo@example.test") == "b***@example.test" and masked_email("b@x.test") == "***@x.test"
    assert "1234" not in masked_phone("+8613812345678")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("+86-138-1234-5678", "+8613812345678"),
        ("０１０ ８８８８ ６６６６", "+861088886666"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_phone_numbers_have_one_form(typed: str, stored: str) -> None:
    assert normal_phone(typed) == stored
    assert normal_phone(shown_phone(stored) if stored.startswith("+8613") else stored) == stored


@pytest.mark.parametrize("text", ["²", "C-²", "'; DROP TABLE x", "%", "_", "\\", "9" * 60, "​"])
def test_any_search_is_answered(text: str) -> None:
    make_contact()
    with connection.cursor():
        list(Customer.objects.matching(text)[:3])
        list(Contact.objects.matching(text)[:3])


def test_a_note_stands_on_the_timeline() -> None:
    customer = make_customer()
    add_note(actor=SYSTEM, customer=customer, text=" Likes tea ")
    assert Activity.objects.get(object_id=customer.pk, type=1307).data["text"] == "Likes tea"
    with pytest.raises(Invalid):
        add_note(actor=SYSTEM, customer=customer, text=" \u200b ")
