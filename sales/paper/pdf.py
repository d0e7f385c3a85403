"""The quote on paper: typst with bundled fonts, in the customer's language, no text ever read as markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core import clock, money

from ..models import Quote

_HERE = Path(__file__).resolve().parent


def render(quote: Quote) -> bytes:
    """The PDF of a quote."""
    with translation.override(quote.language):
        data = json.dumps(_data(quote), ensure_ascii=False)
    found: bytes = typst.compile(
        str(_HERE / "quote.typ"), format="pdf", sys_inputs={"data": data}, font_paths=[str(_HERE / "fonts")],
        ignore_system_fonts=True,
    )  # fmt: skip
    return found


def _data(quote: Quote) -> dict[str, Any]:
    currency, brand = quote.currency, quote.brand
    facts = [
        (_("Number"), quote.label),
        (_("Date"), date_format(quote.sent_at or clock.now())),
        (_("Valid until"), date_format(quote.valid_until)),
        (_("Contact"), quote.owner.name if quote.owner else ""),
    ]
    return {
        "lang": "zh" if quote.language.startswith("zh") else quote.language,
        "title": _("Quote"), "name": quote.name, "brand": brand.name.in_language(quote.language),
        "phone": brand.phone, "email": brand.sender_email,
        "to": [text for text in (quote.customer.name, quote.contact.name if quote.contact else "") if text],
        "facts": [[label, value] for label, value in facts if value],
        "heads": [_("Position"), _("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Total")],
        "lines": [
            [
                str(place), line.name, f"{line.quantity.normalize():f}", money.shown(line.unit_price, currency),
                f"{line.discount_percent.normalize():f}%" if line.discount_percent else "",
                money.shown(line.gross if quote.tax_included else line.net, currency),
            ]
            for place, line in enumerate(quote.lines.all(), start=1)
        ],
        "totals": [
            [_("Net"), money.shown(quote.net, currency)],
            [_("Tax"), money.shown(quote.tax, currency)],
            [_("Total"), money.shown(quote.gross, currency)],
        ],
        "terms_title": _("Terms"), "terms": quote.terms,
    }  # fmt: skip
