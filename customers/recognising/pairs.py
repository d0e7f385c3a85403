"""Customers that may be one: found for all of them at once, every hour, and shown in each viewer's scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import urlsplit

from crm.core.actor import Actor
from crm.core.phones import e164

from ..choices import CustomerKind, SameBy
from ..models import Address, BillingTitle, Customer, PossibleDuplicate
from .duplicates import core_of

#: A value that more customers share says nothing: a mall's phone, a name such as 王伟.
MOST_ALIKE = 4
SHOWN = 50
_PAGE = 2000


def possible_duplicates(viewer: Actor) -> tuple[list[PossibleDuplicate], bool]:
    """The newest pairs of which the viewer sees both, and whether there are more than `SHOWN`."""
    rows = PossibleDuplicate.objects.open().visible_to(viewer).select_related("first__owner", "second__owner")
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN


def find_pairs() -> int:
    """Looks through all customers; keeps what was found before, forgets what no longer holds. Returns new pairs.

    Four streams over plain columns; 200,000 customers take seconds and no lock.
    """
    found: dict[tuple[int, int], str] = {}
    for reason, stream in ((SameBy.TAX, _taxes()), (SameBy.PHONE, _phones()), (SameBy.WEBSITE, _websites()),
                           (SameBy.NAME, _names())):  # fmt: skip
        groups: dict[str, set[int]] = defaultdict(set)
        for pk, value in stream:
            if value:
                groups[value].add(pk)
        for ids in groups.values():
            if 1 < len(ids) <= MOST_ALIKE:
                for pair in combinations(sorted(ids), 2):
                    found.setdefault(pair, reason)
    return _store(found)


def _store(found: dict[tuple[int, int], str]) -> int:
    rows = PossibleDuplicate.objects.values_list("pk", "first_id", "second_id")
    known = {(first, second): pk for pk, first, second in rows}
    stale = [pk for pair, pk in known.items() if pair not in found]
    PossibleDuplicate.objects.filter(pk__in=stale, dismissed_at__isnull=True).delete()
    missing = {pair: why for pair, why in found.items() if pair not in known}
    new = [PossibleDuplicate(first_id=first, second_id=second, reason=why) for (first, second), why in missing.items()]
    PossibleDuplicate.objects.bulk_create(new, batch_size=_PAGE, ignore_conflicts=True)
    return len(new)


def _names() -> Iterator[tuple[int, str]]:
    rows = Customer.objects.external().values_list("pk", "kind", "name").iterator(_PAGE)
    for pk, kind, name in rows:
        core = core_of(name)
        if len(core) > 1:
            yield pk, f"{kind}:{core}" if kind == CustomerKind.PERSON else core


def _websites() -> Iterator[tuple[int, str]]:
    for pk, address in Customer.objects.external().exclude(website="").values_list("pk", "website").iterator(_PAGE):
        yield pk, (urlsplit(address).hostname or "").removeprefix("www.")


def _taxes() -> Iterator[tuple[int, str]]:
    rows = BillingTitle.objects.exclude(tax_number="").filter(customer__deleted_at__isnull=True)
    yield from rows.values_list("customer_id", "tax_number").iterator(_PAGE)
    yield from Customer.objects.exclude(registration_code="").values_list("pk", "registration_code").iterator(_PAGE)


def _phones() -> Iterator[tuple[int, str]]:
    rows = Address.objects.exclude(phone="").filter(customer__deleted_at__isnull=True)
    for pk, phone in rows.values_list("customer_id", "phone").iterator(_PAGE):
        yield pk, e164(phone)
