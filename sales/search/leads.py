"""Leads as search finds them. What lies in a pool is masked, so its addresses are not in the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument

from ..models import Lead


def rows(ids: Sequence[int]) -> Iterator[Document]:
    """Leads; addresses of held ones only."""
    for row in Lead.objects.filter(pk__in=ids):
        held = row.owner_id is not None
        yield Document(
            id=row.pk,
            title=row.name,
            number=row.label,
            at=row.updated_at,
            names=[row.company] if row.company else [],
            mails=[row.email] if held and row.email else [],
            phones=[row.phone] if held and row.phone else [],
            body=[text for text in (row.message, row.industry, row.region) if text],
        )


def address(document: Document) -> str:
    return reverse("leads:lead_detail", args=[document.number.removeprefix("L-")])


def touched(activity: Activity) -> Iterable[int]:
    """The lead itself."""
    return [activity.object_id] if activity.kind_key == "lead" else []


LEAD_DOCUMENTS = [
    SearchDocument(
        key="lead",
        label=_("Leads"),
        permission="leads.view",
        addresses="customers.reveal",
        rows=rows,
        visible=lambda viewer: Lead.objects.visible_to(viewer),
        url=address,
        stale_on=(
            "leads.created", "leads.captured", "leads.asked_again", "leads.updated", "leads.claimed", "leads.assigned",
            "leads.released", "leads.returned", "leads.deleted", "leads.restored", "leads.erased",
        ),
        touched=touched,
        number_prefix="l",
        order=25,
    )
]  # fmt: skip
