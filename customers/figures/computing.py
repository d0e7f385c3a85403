"""When figures, levels and flags are computed: of those a deed is about, and of everybody at night."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.activity.models import Activity
from crm.activity.recording import Deed, record_many
from crm.core.actor import Actor
from crm.core.translated import in_all_languages

from ..choices import ValueLevel
from ..models import Customer, CustomerFacts, Wish
from ..segmenting.following import customers_of
from .analysis import compute_facts, compute_values
from .credit import compute_credit
from .offering import compute_offers
from .pairing import compute_pairs
from .reminding import make_tasks
from .risk import compute_risk
from .signs import watched
from .wishing import match_wishes, tell_matches

#: Deeds after which purchases are another.
PURCHASES = frozenset({
    "orders.placed", "orders.changed", "orders.refunded", "orders.cancelled", "orders.withdrawn", "customers.merged",
    "customers.unmerged",
})  # fmt: skip
_MERGES = frozenset({"customers.merged", "customers.unmerged"})


class WatchedDeeds(Sequence[str]):
    """The types of deeds that move a figure or a level, read once all apps have declared their signs."""

    def __init__(self) -> None:
        self._types: list[str] | None = None

    def _read(self) -> list[str]:
        if self._types is None:
            self._types = sorted({*watched(), *PURCHASES})
        return self._types

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())


def compute_levels(ids: Sequence[int]) -> None:
    """The value and risk of these customers as everything stands now. A value that is another one is told."""
    rows = CustomerFacts.objects.filter(customer__in=ids)
    before = dict(rows.values_list("customer_id", "value"))
    compute_values(ids)
    after = dict(rows.values_list("customer_id", "value"))
    changed = {pk: (before.get(pk, ""), value) for pk, value in after.items() if before.get(pk, "") != value}
    if changed:
        _tell(changed)
    compute_credit(ids)
    compute_risk(ids)


def follow(activities: Sequence[Activity]) -> None:
    """Figures and levels of everybody whom these deeds are about, computed once each."""
    ids = {activity.pk: customers_of(activity) for activity in activities}
    buyers = sorted({pk for activity in activities if activity.key in PURCHASES for pk in ids[activity.pk]})
    if buyers:
        compute_facts(buyers)
        compute_offers(buyers)
    merged = sorted({pk for activity in activities if activity.key in _MERGES for pk in ids[activity.pk]})
    if merged:
        match_wishes(wishes=list(Wish.objects.filter(customer__in=merged).values_list("pk", flat=True)))
    if everybody := sorted(set().union(*ids.values())):
        compute_levels(everybody)


def _tell(changed: dict[int, tuple[str, str]]) -> None:
    deeds = []
    for pk, customer in sorted(Customer.objects.in_bulk(changed).items()):
        was, value = (in_all_languages(ValueLevel(level).label) if level else "--" for level in changed[pk])
        data = {"was": was, "value": value, "level": changed[pk][1]}
        deeds.append(Deed("customers.value_changed", customer, data=data))
    record_many(actor=Actor.system(), deeds=deeds)


def follow_products(activities: Sequence[Activity]) -> None:
    """Wishes that new or changed products fit, or fit no longer; their customers hear of it on the timeline."""
    found = match_wishes(products=sorted({activity.object_id for activity in activities}))
    tell_matches(found)


def nightly() -> int:
    """Everything of everybody, each part a few statements over all customers; then the tasks that follow from it."""
    done = compute_facts()
    compute_credit()
    done += compute_risk()
    compute_pairs()
    found = match_wishes()
    tell_matches(found)
    done += compute_offers() + len(found)
    return done + make_tasks()
