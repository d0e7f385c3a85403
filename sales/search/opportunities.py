"""Deals as search finds them: by name, number, customer, contact, products and note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument

from ..models import Opportunity, OpportunityLine


def rows(ids: Sequence[int]) -> Iterator[Document]:
    """Deals with their customer and products."""
    products: dict[int, list[str]] = defaultdict(list)
    for deal_id, name in OpportunityLine.objects.filter(opportunity__in=ids).values_list("opportunity_id", "name"):
        products[deal_id].append(name)
    for row in Opportunity.objects.filter(pk__in=ids).select_related("customer", "contact"):
        people = [row.customer.name, *([row.contact.name] if row.contact else [])]
        yield Document(
            id=row.pk,
            title=row.name,
            number=row.label,
            at=row.updated_at,
            names=people,
            body=[text for text in (row.note, row.lost_note, *products[row.pk]) if text],
        )


def address(document: Document) -> str:
    return reverse("sales:opportunity_detail", args=[document.number.removeprefix("O-")])


def touched(activity: Activity) -> Iterable[int]:
    """The deal itself."""
    return [activity.object_id] if activity.kind_key == "opportunity" else []


DEAL_DOCUMENTS = [
    SearchDocument(
        key="opportunity",
        label=_("Opportunities"),
        permission="opportunities.view",
        rows=rows,
        visible=lambda viewer: Opportunity.objects.visible_to(viewer),
        url=address,
        stale_on=(
            "opportunities.created", "opportunities.updated", "opportunities.lines_set", "opportunities.lost",
            "opportunities.deleted", "opportunities.restored", "opportunities.erased",
        ),
        touched=touched,
        number_prefix="o",
        order=30,
    )
]  # fmt: skip
