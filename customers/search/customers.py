"""Customers as search finds them: by name, people, mail, phone tail and note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.fields.tags import taggings
from crm.search.declarations import Document, SearchDocument

from ..choices import IdentityKind
from ..models import Contact, Customer, Identity


def rows(ids: Sequence[int]) -> Iterator[Document]:
    """Customers with their people."""
    people: dict[int, list[str]] = defaultdict(list)
    for customer_id, name in Contact.objects.filter(customer__in=ids).values_list("customer_id", "name"):
        people[customer_id].append(name)
    addresses: dict[tuple[int, str], list[str]] = defaultdict(list)
    reached = Identity.objects.filter(contact__customer__in=ids, contact__deleted_at__isnull=True)
    for customer_id, kind, value in reached.values_list("contact__customer_id", "kind", "value"):
        addresses[customer_id, kind].append(value)
    tags: dict[int, list[str]] = defaultdict(list)
    for customer_id, name in taggings("customer", ids).values_list("object_id", "tag__name"):
        tags[customer_id].append(name)
    for row in Customer.objects.filter(pk__in=ids):
        yield Document(
            id=row.pk,
            title=row.name,
            number=row.label,
            at=row.updated_at,
            names=[name for name in people[row.pk] if name != row.name],
            mails=addresses[row.pk, IdentityKind.EMAIL],
            phones=addresses[row.pk, IdentityKind.PHONE],
            body=[text for text in (row.note, row.industry, row.address, row.website, *tags[row.pk]) if text],
        )


def address(document: Document) -> str:
    return reverse("customers:customer_detail", args=[document.number.removeprefix("C-")])


def touched(activity: Activity) -> Iterable[int]:
    """The customer itself, and those that became part of it."""
    if activity.kind_key != "customer":
        return []
    others = activity.data.get("others", []) if activity.data.get("kind") == "customer" else []
    return [activity.object_id, *others]


CUSTOMER_DOCUMENT = SearchDocument(
    key="customer",
    label=_("Customers"),
    permission="customers.view",
    addresses="customers.reveal",
    rows=rows,
    visible=lambda viewer: Customer.objects.visible_to(viewer).external(),
    url=address,
    stale_on=(
        "customers.created", "customers.updated", "customers.deleted", "customers.restored", "customers.erased",
        "customers.merged", "customers.unmerged",
        "fields.tagged", "fields.untagged",
        "customers.contact_added", "customers.contact_updated", "customers.noted",
    ),
    touched=touched,
    number_prefix="c",
    order=20,
)  # fmt: skip
