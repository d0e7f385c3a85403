"""Main contacts of the demo look after their colleagues in the portal, and some were there lately."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from crm.core.actor import Actor
from crm.core.demo import DemoContext

from ..actions import set_portal_access
from ..choices import PortalReach
from ..models import Contact

#: How many main contacts of companies see all of their company; the README names one of them.
SHARED = 25


def make_portal(context: DemoContext) -> None:
    """The first main contacts of companies with several people see all of their company; they were there by turns."""
    people = Contact.objects.filter(is_primary=True, customer__kind="company", customer__is_internal=False)
    several = people.annotate(colleagues=Count("customer__contacts")).filter(colleagues__gt=1)
    for turn, contact in enumerate(several.order_by("pk")[:SHARED]):
        access = set_portal_access(actor=Actor.system(), contact=contact, reach=PortalReach.COMPANY)
        if turn % 3 == 0:
            access.last_visit_at = context.now - dt.timedelta(days=turn, hours=turn + 1)
            access.save(update_fields=["last_visit_at"])
