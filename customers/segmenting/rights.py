"""What a segment asks, and in whose name: it finds what its owner may find, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.conditions import tree as trees
from crm.conditions.language import Condition, parse
from crm.conditions.moments import is_timely
from crm.conditions.registry import CATALOGUE
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.core.models import Brand

from ..choices import SegmentFailure
from ..models import Customer, Segment

ON = "customer"
#: The condition field that asks for membership, seen from a customer.
FIELD = "customer.segments"
#: Deeds after which a customer may come into, or leave, any owner's set; they also change columns of the customer.
ALWAYS = (
    "customers.created", "customers.updated", "customers.deleted", "customers.restored", "customers.merged",
    "customers.unmerged", "customers.collaborators_set",
)  # fmt: skip


class Unkept(DomainError):
    """The segment cannot be kept up to date; `failure` says why."""

    def __init__(self, failure: SegmentFailure):
        self.failure = failure
        super().__init__(failure.label)


@contextmanager
def company_time() -> Iterator[None]:
    """Days begin at midnight of the company, whoever asks and wherever the work is done."""
    with timezone.override(Brand.default().timezone):
        yield


def author_of(owner: User | None) -> Actor:
    """The system within the owner's rights. Raises `Unkept` when nobody owns the segment or the owner has left."""
    if owner is None or not owner.is_active:
        raise Unkept(SegmentFailure.OWNER)
    return Actor.system("segments", on_behalf_of=actor_for(owner))


def require_reach(actor: Actor, owner: User | None) -> None:
    """Nobody reaches further by naming an owner in whose name customers are looked for. Raises `Invalid`."""
    if owner is None or owner.pk == actor.user_id:
        return
    if actor_for(owner).scope("customers") > actor.scope("customers"):
        said = _("%(name)s may see more customers than you. Ask them to take it over.") % {"name": owner.name}
        raise Invalid(fields={"owner": said})


def condition_of(segment: Segment, author: Actor) -> Condition:
    """The stored condition as its author means it. Raises `Unkept` when it names what they may not read any more."""
    try:
        return parse(segment.condition, ON, author, stored=True)
    except Invalid:
        raise Unkept(SegmentFailure.CONDITION) from None


def reach_of(author: Actor) -> Any:
    """The customers that a segment of this author may hold."""
    return Customer.objects.visible_to(author).external()


def watched(condition: Condition) -> list[str]:
    """The types of deeds after which the condition may answer otherwise."""
    named = {key for check in condition.root.checks() for key in check.path.field.watches}
    return sorted(named | set(ALWAYS))


def every_watched_type() -> list[str]:
    """The types that any field of a customer watches."""
    named = {key for field in CATALOGUE.fields.everything() if field.on == ON for key in field.watches}
    return sorted(named | set(ALWAYS))


def segments_named(tree: Any) -> list[int]:
    """The ids of segments that a stored condition asks about."""
    found = {
        int(value)
        for leaf in trees.read(tree).leaves()
        if leaf.field == FIELD and isinstance(leaf.value, list)
        for value in leaf.value
    }
    return sorted(found)


def derived(segment: Segment, condition: Condition) -> None:
    """Sets what follows from the condition: which deeds it watches, whether time moves it, which segments it names."""
    segment.watches, segment.is_timely = watched(condition), is_timely(condition)
    segment.uses = segments_named(condition.tree)
