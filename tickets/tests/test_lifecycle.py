"""Tickets go over with their customer and requester, and come back."""

from __future__ import annotations

import pytest

from crm.core.actor import Actor
from customers import actions
from customers.lifecycles import counts
from tickets.models import Ticket

from .builders import fresh, submit

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_tickets_follow_a_merge_and_its_undoing() -> None:
    one, two = submit(email="ann@example.com", name="Ann"), submit(email="ann@example.org", name="Ann")
    into, other, person = one.customer, two.customer, two.contact
    assert into != other and ("Tickets", 1) in [(str(label), count) for label, count in counts("customer", other.pk)]
    merge = actions.merge_customers(actor=SYSTEM, into=into, others=[other])
    assert Ticket.objects.filter(customer=into, contact=one.contact).count() == 2
    third = submit(email="ann@example.org", name="Ann")
    assert third.customer == into and third.contact == one.contact
    actions.undo_merge(actor=SYSTEM, merge=merge)
    assert (fresh(two).customer, fresh(two).contact) == (other, person)
    assert fresh(third).customer == into
