"""Two calls of another system at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.integrations.tests.builders import Caller
from crm.testing.builders import make_user
from customers.models import Customer, Order
from customers.tests.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """What the works give, begun together."""
    gate = threading.Barrier(len(works))

    def one(work):
        try:
            gate.wait(timeout=30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_a_rival_with_the_same_key_waits_and_gets_the_first_answer():
    caller, known = Caller(make_user("administrator")), make_customer()
    body = {"name": "Once"}
    answers = at_once(*[lambda: caller.post("customers/", body, Idempotency_Key="k") for _n in range(3)])
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sorted("Idempotency-Replayed" in answer for answer in answers) == [False, True, True]
    assert Customer.objects.filter(name="Once").count() == 1

    order = {
        "source": "shop", "external_id": "A-1", "customer": known.number,
        "lines": [{"name": "Lamp", "unit_price": "5"}],
    }  # fmt: skip
    pushed = at_once(*[lambda: caller.post("orders/", order) for _n in range(3)])
    assert {answer.status_code for answer in pushed} <= {200, 201}
    assert Order.objects.count() == 1
