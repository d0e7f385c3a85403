"""Quotes in search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument

from ..models import Quote, QuoteLine


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """Quotes by number, title, customer and what is offered."""
    offered: dict[int, list[str]] = {}
    for quote_id, name in QuoteLine.objects.filter(quote__in=ids).values_list("quote_id", "name"):
        offered.setdefault(quote_id, []).append(name)
    for row in Quote.objects.filter(pk__in=ids).select_related("customer"):
        yield Document(
            id=row.pk, title=str(row), number=row.label, at=row.created_at, names=[row.customer.name, row.name],
            body=offered.get(row.pk, []),
        )  # fmt: skip


def touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "quote" else []


def document_address(document: Document) -> str:
    return reverse("quotes:quote_detail", args=[document.id])


QUOTE_DOCUMENTS = [SearchDocument(
    "quote", _("Quotes"), "quotes.view", documents, Quote.objects.visible_to, document_address,
    ("quotes.created", "quotes.updated", "quotes.sent", "quotes.versioned"), touched, number_prefix="q", order=42,
)]  # fmt: skip
