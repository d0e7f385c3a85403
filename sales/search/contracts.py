"""Contracts and payments in search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.search.declarations import Document, SearchDocument

from ..models import Contract, ContractLine, Payment


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """Contracts by number, title, customer and what was agreed."""
    agreed: dict[int, list[str]] = {}
    for contract_id, name in ContractLine.objects.filter(contract__in=ids).values_list("contract_id", "name"):
        agreed.setdefault(contract_id, []).append(name)
    for row in Contract.objects.filter(pk__in=ids).select_related("customer"):
        yield Document(
            id=row.pk, title=str(row), number=row.label, at=row.created_at, names=[row.customer.name, row.name],
            body=agreed.get(row.pk, []),
        )  # fmt: skip


def payment_documents(ids: Sequence[int]) -> Iterator[Document]:
    """Payments by number, reference and customer."""
    for row in Payment.objects.filter(pk__in=ids).select_related("contract__customer"):
        yield Document(
            id=row.pk, title=f"{row.label} {row.amount_text}", number=row.label, at=row.created_at,
            names=[row.contract.customer.name, row.contract.label, row.reference], body=[row.note] if row.note else [],
        )  # fmt: skip


def touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "contract" else []


def payments_touched(activity: Activity) -> Iterable[int]:
    return [activity.object_id] if activity.kind_key == "payment" else []


def document_address(document: Document) -> str:
    return reverse("contracts:contract_detail", args=[document.id])


def payment_address(document: Document) -> str:
    return reverse("contracts:payment_detail", args=[document.id])


CONTRACT_DOCUMENTS = [
    SearchDocument(
        "contract", _("Contracts"), "contracts.view", documents, lambda viewer: Contract.objects.visible_to(viewer),
        document_address,
        (
            "contracts.created", "contracts.updated", "contracts.signed", "contracts.renewed", "contracts.deleted",
            "contracts.restored", "contracts.erased",
        ),
        touched, number_prefix="ht", order=43,
    ),
    SearchDocument(
        "payment", _("Payments"), "payments.view", payment_documents, Payment.objects.visible_to, payment_address,
        ("payments.received", "payments.refunded", "payments.reversed"), payments_touched, number_prefix="r", order=44,
    ),
]  # fmt: skip
