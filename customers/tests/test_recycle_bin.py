"""Deleted customers: back with their people, unless an address is taken; gone for good after 30 days."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.activity.models import Activity
from crm.console.selectors.recycle_bin import bin_page
from crm.console.sweeps import empty_bin
from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import NotAllowed
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as somebody
from customers.actions import add_contact, delete_customer, erase_customer, restore_customer
from customers.exceptions import IdentityTaken
from customers.models import Contact, Customer, Identity

from .builders import make_contact, make_customer

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
URL = "/settings/recycle-bin/"


@pytest.fixture
def chief():
    return make_user("supervisor")


@pytest.fixture
def contact():
    return make_contact(make_customer("云帆"), name="王芳", emails=["fang@example.test"])


def binned(chief, customer):
    delete_customer(actor=staff(chief), customer=customer)
    return Customer.all_objects.get(pk=customer.pk)


def test_a_customer_comes_back_with_its_people_and_addresses(chief, contact):
    customer = binned(chief, contact.customer)
    assert not Contact.objects.exists() and not Identity.objects.exists()
    row = bin_page(staff(chief), {"q": "yunfan"}).rows[0]
    assert (row.record, row.deleted_by, row.label) == (customer, chief, f"C-{customer.number}")
    restore_customer(actor=staff(chief), customer=customer)
    assert Customer.objects.get() == customer and Contact.objects.get() == contact
    assert set(Identity.objects.values_list("value", flat=True)) >= {"fang@example.test"}
    assert not Identity.all_objects.filter(deleted_at__isnull=False).exists()
    assert Activity.objects.filter(type=1310, actor_id=chief.pk).count() == 1


def test_an_address_that_went_before_stays_away(chief, contact):
    earlier = contact.identities.get(kind="phone")
    Identity.objects.filter(pk=earlier.pk).update(deleted_at=clock.now() - dt.timedelta(days=1))
    restore_customer(actor=staff(chief), customer=binned(chief, contact.customer))
    assert not Identity.objects.filter(pk=earlier.pk).exists()


def test_an_address_taken_meanwhile_is_said_with_who_has_it(chief, contact):
    customer = binned(chief, contact.customer)
    holder = make_contact(make_customer("新客户"), name="Li Lei", emails=["fang@example.test"])
    with pytest.raises(IdentityTaken) as refused:
        restore_customer(actor=staff(chief), customer=customer)
    assert "fang@example.test belongs to Li Lei" in str(refused.value)
    assert holder.customer.label in str(refused.value)
    assert Customer.all_objects.get(pk=customer.pk).deleted_at is not None
    assert not Contact.objects.filter(customer=customer).exists()
    body = signed_in(chief).post(URL + "restore/", {"only": f"customer:{customer.pk}"}, follow=True).content.decode()
    assert "belongs to Li Lei" in body and "云帆" in body


def test_the_holder_is_not_named_to_who_may_not_see_them(contact):
    seller = somebody("customers.view", "customers.delete", scope=Scope.OWN)
    Customer.objects.filter(pk=contact.customer_id).update(owner=seller)
    customer = binned(seller, contact.customer)
    make_contact(make_customer(), name="Li Lei", emails=["fang@example.test"])
    with pytest.raises(IdentityTaken) as refused:
        restore_customer(actor=staff(seller), customer=customer)
    assert "Li Lei" not in str(refused.value) and "fang@example.test" not in str(refused.value)


def test_only_ones_own_are_in_the_bin_of_who_sees_ones_own(chief, contact):
    seller = somebody("customers.view", "customers.delete", scope=Scope.OWN)
    binned(chief, contact.customer)
    assert bin_page(staff(seller), {}).rows == []
    with pytest.raises(NotAllowed):
        restore_customer(actor=staff(make_user("agent")), customer=contact.customer)


def test_after_thirty_days_it_is_gone_with_its_people(chief, contact):
    add_contact(actor=SYSTEM, customer=contact.customer, name="Second", emails=["second@example.test"], phones=[])
    binned(chief, contact.customer)
    with clock.shifted(dt.timedelta(days=31)):
        assert empty_bin() == 1
    assert not Customer.all_objects.exists() and not Contact.all_objects.exists()
    assert not Identity.all_objects.exists()
    assert Activity.objects.filter(type=1311).count() == 1


def test_erasing_before_its_time_is_a_right_of_its_own(chief, contact):
    customer = binned(chief, contact.customer)
    with pytest.raises(NotAllowed):
        erase_customer(actor=staff(chief), customer=customer)
    erase_customer(actor=staff(make_user("administrator")), customer=customer)
    assert not Customer.all_objects.exists()
