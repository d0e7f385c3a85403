"""A quote on paper, and what every paper shares: typst with bundled fonts, no text ever read as markup."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
    """The PDF of a quote, in the customer's language."""
    with translation.override(quote.language):
        return compile_sheet(_data(quote))


def compile_sheet(data: dict[str, Any]) -> bytes:
    """The PDF of what `sheet.typ` lays out; texts are data and never markup."""
    found: bytes = typst.compile(
        str(_HERE / "sheet.typ"), format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=[str(_HERE / "fonts")], ignore_system_fonts=True,
    )  # fmt: skip
    return found


def parties(record: Any, title: str) -> dict[str, Any]:
    """Who offers what to whom, the heads of the lines and the title of the terms, in the active language."""
    brand, language = record.brand, record.language
    return {
        "lang": "zh" if language.startswith("zh") else language,
        "title": title, "name": record.name, "brand": brand.name.in_language(language),
        "phone": brand.phone, "email": brand.sender_email,
        "to": [text for text in (record.customer.name, record.contact.name if record.contact else "") if text],
        "heads": [_("Position"), _("Description"), _("Quantity"), _("Unit price"), _("Discount"), _("Total")],
        "terms_title": _("Terms"), "plan": [], "signatures": [],
    }  # fmt: skip


def line_cells(record: Any, lines: Iterable[Any]) -> list[list[str]]:
    """The cells of each line."""
    return [
        [
            str(place), line.name, f"{line.quantity.normalize():f}", money.shown(line.unit_price, record.currency),
            f"{line.discount_percent.normalize():f}%" if line.discount_percent else "",
            money.shown(line.gross if record.tax_included else line.net, record.currency),
        ]
        for place, line in enumerate(lines, start=1)
    ]  # fmt: skip


def _data(quote: Quote) -> dict[str, Any]:
    currency = quote.currency
    facts = [
        (_("Number"), quote.label),
        (_("Date"), date_format(quote.sent_at or clock.now())),
        (_("Valid until"), date_format(quote.valid_until)),
        (_("Contact"), quote.owner.name if quote.owner else ""),
    ]
    return {
        **parties(quote, _("Quote")),
        "facts": [[label, value] for label, value in facts if value],
        "lines": line_cells(quote, quote.lines.all()),
        "totals": [
            [_("Net"), money.shown(quote.net, currency)],
            [_("Tax"), money.shown(quote.tax, currency)],
            [_("Total"), money.shown(quote.gross, currency)],
        ],
        "terms": quote.terms,
    }
