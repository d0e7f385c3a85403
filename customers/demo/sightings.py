"""Who opened which customer in the last days, as the audit log tells it."""

from __future__ import annotations

import datetime as dt

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.activity.sightings import saw
from crm.core import clock
from crm.core.demo import DemoContext

from ..models import Customer

PEOPLE, EACH = 4, 3


def make_sightings(context: DemoContext) -> None:
    """A few colleagues, each a few customers they may see, in working hours of the last days."""
    people = User.objects.active().filter(roles__key__in=("sales", "sales_manager", "supervisor")).order_by("pk")
    for number, user in enumerate(people.distinct()[:PEOPLE]):
        actor = actor_for(user)
        for step, customer in enumerate(Customer.objects.visible_to(actor).order_by("pk")[:EACH]):
            with clock.at(context.now - dt.timedelta(days=number, hours=1 + step)):
                saw(actor, customer)
