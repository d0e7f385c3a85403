"""The contract on paper, in the customer's language: lines or amount, payment plan, terms, a place to sign."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.core import money

from ..models import Contract
from .pdf import compile_sheet, line_cells, parties


def render(contract: Contract) -> bytes:
    """The PDF of a contract."""
    with translation.override(contract.language):
        return compile_sheet(_data(contract))


def _data(contract: Contract) -> dict[str, Any]:
    currency, lines = contract.currency, list(contract.lines.all())
    facts = [
        (_("Number"), contract.label),
        (_("Signed on"), _day(contract.signed_on)),
        (_("Starts"), _day(contract.starts)),
        (_("Ends"), _day(contract.ends)),
        (_("Quote"), contract.quote.label if contract.quote else ""),
        (_("Contact"), contract.owner.name if contract.owner else ""),
    ]
    totals = [[_("Total"), contract.amount_text]]
    if lines:
        totals = [
            [_("Net"), money.shown(contract.net, currency)], [_("Tax"), money.shown(contract.tax, currency)], *totals,
        ]  # fmt: skip
    return {
        **parties(contract, _("Contract")),
        "facts": [[label, value] for label, value in facts if value],
        "lines": line_cells(contract, lines),
        "totals": totals,
        "plan_title": _("Payment plan"),
        "plan_heads": [_("Position"), _("What for"), _("Due on"), _("Amount")],
        "plan": [
            [str(part.position), part.name, _day(part.due_on), money.shown(part.amount, currency)]
            for part in contract.instalments.all()
        ],
        "terms": contract.terms,
        "signatures": [
            [pgettext("contract", "For us"), contract.brand.name.in_language(contract.language)],
            [pgettext("contract", "For the customer"), contract.signed_by_name or contract.customer.name],
        ],
        "signature_words": [_("Name, date"), _("Signature, seal")],
    }


def _day(day: Any) -> str:
    return date_format(day) if day else ""
