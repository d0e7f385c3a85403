"""A few customers of the demo are there twice, as a colleague in a hurry leaves them."""

from __future__ import annotations

from crm.core.actor import Actor
from crm.core.demo import DemoContext

from ..actions import create_customer
from ..models import Customer
from ..recognising.duplicates import core_of
from ..recognising.pairs import find_pairs


def make_duplicates(context: DemoContext) -> None:
    """Three companies again under the core of their name, and the look for pairs."""
    companies = Customer.objects.external().filter(kind="company").exclude(industry="").order_by("pk")
    for row in companies[:3]:
        create_customer(actor=Actor.system(), values={"name": core_of(row.name).title(), "industry": row.industry})
    find_pairs()
