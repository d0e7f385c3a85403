"""Finding a person while they are on the phone: by the end of a number, name, pinyin, company or mail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.text import clean_line

from ..exceptions import BadPhone
from ..models import Contact, Customer, Identity
from .identities import normal_phone

#: Fewer digits than these are the end of too many numbers.
TAIL_DIGITS = 4
_NUMBER = re.compile(r"[+\d][\d\s()./-]*")


def find_people(viewer: Actor, text: str, *, limit: int = 8) -> list[Contact]:
    """Contacts in the viewer's set that the text may mean, the surest first, with customer and addresses.

    An address is found by a piece of it, a number by its end of at least four digits, for who may see addresses;
    for everybody else only when typed whole. Each way is its own query over its own index.
    """
    text = clean_line(text, 100)
    if not text:
        return []
    seen = Contact.objects.visible_to(viewer)
    folded = names.fold(text)
    ways: list[Q] = [Q(pk__in=_by_address(viewer, text, limit)), Q(search_key__contains=folded)]
    companies = Customer.objects.visible_to(viewer).filter(_of_company(text, folded)).order_by("-created_at")
    ways.append(Q(customer__in=list(companies.values_list("pk", flat=True)[:limit])))
    ids: dict[int, None] = {}
    for way in ways:
        if len(ids) < limit:
            found = seen.filter(way).order_by("-is_primary", "sort_key", "pk").values_list("pk", flat=True)
            ids |= dict.fromkeys(found[: limit * 2])
    return people_in_order(viewer, list(ids)[:limit])


def people_in_order(viewer: Actor, ids: Iterable[int]) -> list[Contact]:
    """These contacts, as far as the viewer sees them, with customer and addresses."""
    wanted = list(ids)
    rows = Contact.objects.visible_to(viewer).filter(pk__in=wanted)
    found = {row.pk: row for row in rows.select_related("customer__brand").prefetch_related("identities")}
    return [found[pk] for pk in wanted if pk in found]


def as_new_person(text: str) -> dict[str, str]:
    """What was looked for as the first words about somebody new: a phone number, a mail address or a name."""
    text = clean_line(text, 200)
    if "@" in text:
        return {"email": text}
    return {"phone": text} if _digits(text) else {"name": text}


def _digits(text: str) -> str:
    """The digits of what looks like a phone number or its end, else nothing."""
    return re.sub(r"\D", "", text) if _NUMBER.fullmatch(text) else ""


def _by_address(viewer: Actor, text: str, limit: int) -> list[int]:
    digits = _digits(text)
    if viewer.can("customers.reveal"):
        if digits:
            terms = Q(value__endswith=digits) if len(digits) >= TAIL_DIGITS else Q(pk__in=[])
        else:
            terms = Q(value__contains=text.lower()) if len(text) >= TAIL_DIGITS - 1 else Q(pk__in=[])
    else:
        terms = Q(value=text.lower())
    if digits:
        with suppress(BadPhone):  # the end of a number is none
            terms |= Q(value=normal_phone(text))
    return list(Identity.objects.filter(terms).order_by("pk").values_list("contact_id", flat=True)[: limit * 4])


def _of_company(text: str, folded: str) -> Q:
    number = text.lstrip("cC-").strip()
    terms = Q(search_key__contains=folded)
    return terms | Q(number=int(number)) if number.isdecimal() and len(number) < 18 else terms
