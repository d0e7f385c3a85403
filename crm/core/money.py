"""Amounts: Decimal and a currency code, rounded half-up to the currency's digits. Totals are sums of rounded lines.

Amounts of different currencies are never added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

#: The currencies offered, each with the sign that is written before an amount (ISO 4217).
SIGNS = {
    "CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$", "GBP": "£", "JPY": "JP¥", "SGD": "S$", "AUD": "A$", "CAD": "C$",
    "CHF": "CHF ", "KRW": "₩", "TWD": "NT$",
}  # fmt: skip
#: Digits after the point where they are not two (ISO 4217).
_DIGITS = {"JPY": 0, "KRW": 0}
_HUNDRED = Decimal(100)


def digits_of(currency: str) -> int:
    """How many digits after the point amounts of the currency have."""
    return _DIGITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's smallest unit, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line costs, each part rounded: net + tax = gross."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def line_of(
    *,
    quantity: Decimal,
    unit_price: Decimal,
    currency: str,
    discount_percent: Decimal = Decimal(0),
    tax_percent: Decimal = Decimal(0),
    tax_included: bool = True,
) -> Line:
    """A line's amounts. tax_included: the unit price holds the tax already, as price lists in China do."""
    price = quantity * unit_price * (_HUNDRED - discount_percent) / _HUNDRED
    if tax_included:
        gross = rounded(price, currency)
        net = rounded(gross * _HUNDRED / (_HUNDRED + tax_percent), currency)
        return Line(net, gross - net, gross)
    net = rounded(price, currency)
    tax = rounded(net * tax_percent / _HUNDRED, currency)
    return Line(net, tax, net + tax)


def total_of(lines: Iterable[Line]) -> Line:
    """The sum of rounded lines of one currency."""
    found = list(lines)
    zero = Decimal(0)
    return Line(
        sum((line.net for line in found), zero),
        sum((line.tax for line in found), zero),
        sum((line.gross for line in found), zero),
    )


def shown(amount: Decimal | int | None, currency: str, *, several: bool = False) -> str:
    """¥1,234.50, or CNY 1,234.50 where several currencies stand together; "" for no amount."""
    if amount is None:
        return ""
    value = rounded(Decimal(amount), currency)
    text = number_format(abs(value), decimal_pos=digits_of(currency), use_l10n=True, force_grouping=True)
    sign = f"{currency} " if several or currency not in SIGNS else SIGNS[currency]
    return f"-{sign}{text}" if value < 0 else f"{sign}{text}"
