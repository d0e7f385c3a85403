"""A mail server on loopback, and what other rooms make."""

from decimal import Decimal

import pytest

from crm.core.actor import Actor
from crm.messaging.tests.conftest import fake, smtp  # noqa: F401
from customers.models import Customer
from sales.actions import win_opportunity
from sales.models import Opportunity
from sales.tests.deal_builders import make_deal
from tickets.tests.builders import make_request_type


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def deal():
    """Makes an opportunity of a customer and wins it, now."""

    def make(customer: Customer, amount: Decimal) -> Opportunity:
        made = make_deal(customer, amount=amount)
        return win_opportunity(actor=Actor.system(), opportunity=made)

    return make


@pytest.fixture
def support_type():
    """What a mail without further words becomes."""
    return make_request_type("support")
