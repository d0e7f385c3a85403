"""In whose name a journey looks at customers: it meets whom its owner may see, and asks what its owner may read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm.accounts.access import actor_for
from crm.conditions.language import Condition, parse
from crm.conditions.tree import read
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from customers.models import Customer
from customers.segmenting.rights import company_time, reach_of

from ..models import Journey

ON = "customer"


class Stuck(DomainError):
    """The journey cannot go on: nobody owns it, or its owner has left."""


def author_of(journey: Journey) -> Actor:
    """The system within the owner's rights. Raises `Stuck`."""
    owner = journey.owner
    if owner is None or not owner.is_active:
        raise Stuck
    return Actor.system("journeys", on_behalf_of=actor_for(owner))


def is_empty(tree: Any) -> bool:
    """Whether a stored condition has no rows. Raises `Invalid` for what is no condition."""
    return not read(tree).items


def condition_of(tree: Any, author: Actor) -> Condition:
    """A stored condition as its author means it. Raises `Invalid` when it names what they may not read any more."""
    return parse(tree, ON, author, stored=True)


def matching(tree: Any, author: Actor, customer_ids: Collection[int]) -> set[int]:
    """Those of the customers for whom the condition holds now. One query. Raises `Invalid`."""
    condition = condition_of(tree, author)
    with company_time():
        rows = condition.filter(Customer.objects.filter(pk__in=customer_ids))
        return set(rows.order_by().values_list("pk", flat=True))


def holds(tree: Any, author: Actor, customer_ids: Collection[int]) -> set[int]:
    """The same of a rule that may be empty, which then holds for nobody, or unreadable, which holds for nobody too."""
    try:
        return set() if is_empty(tree) else matching(tree, author, customer_ids)
    except Invalid:
        return set()


def reached(author: Actor, customer_ids: Collection[int]) -> set[int]:
    """Those of the customers that the journey may meet."""
    return set(reach_of(author).filter(pk__in=customer_ids).order_by().values_list("pk", flat=True))
