"""Verbs about exchange rates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from crm.activity.recording import record as record_activity
from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand, ExchangeRate
from crm.core.rates import company_currency

#: Rates of one paste.
MOST = 1000
_LIMIT = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class NewRate:
    """One unit of the currency costs `rate` of the company's from that day."""

    currency: str
    rate: Decimal
    valid_from: dt.date


@action(permission="console.manage_brand")
def save_rate(*, actor: Actor, values: Mapping[str, Any], record: ExchangeRate | None = None) -> ExchangeRate:
    """Enters or corrects a rate. values: currency, rate, valid_from. One that exists for the day is replaced.

    Raises `Invalid` with `fields`.
    """
    if record is None:
        row = _store(NewRate(values["currency"], values["rate"], values["valid_from"]), company_currency())
    else:
        row = ExchangeRate.objects.lock().get(pk=record.pk)
        for name in ("currency", "rate", "valid_from"):
            setattr(row, name, values.get(name, getattr(row, name)))
        _check(NewRate(row.currency, row.rate, row.valid_from), row.base)
        same = ExchangeRate.objects.filter(base=row.base, currency=row.currency, valid_from=row.valid_from)
        if same.exclude(pk=row.pk).exists():
            raise Invalid(fields={"valid_from": _("There is a rate of this currency from that day already")})
        row.save()
    _tell(actor, "console.rate_set", row)
    return row


@action(permission="console.manage_brand")
def remove_rate(*, actor: Actor, record: ExchangeRate) -> None:
    """Takes a rate away: the one before it holds again."""
    row = ExchangeRate.objects.lock().get(pk=record.pk)
    _tell(actor, "console.rate_removed", row)
    row.delete()


@action(permission="console.manage_brand")
def import_rates(*, actor: Actor, text: str) -> int:
    """Enters pasted rates, a line each: currency, rate, and a day unless it is today's. All or none.

    Parts stand apart by tab, comma, semicolon or blanks, in any order. Raises `Invalid` naming each wrong line.
    """
    rates = read_rates(text, clock.today())
    base = company_currency()
    Brand.objects.lock().get(is_default=True)
    for rate in rates:
        _store(rate, base)
    data = {"count": len(rates), "currencies": ", ".join(sorted({rate.currency for rate in rates}))}
    record_activity(actor=actor, type="console.rates_imported", subject=Brand.default(), data=data)
    return len(rates)


def read_rates(text: str, today: dt.date) -> Sequence[NewRate]:
    """The rates of pasted lines. Raises `Invalid` with `fields`, naming the lines that cannot be read."""
    found: list[NewRate] = []
    wrong: list[str] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, line in lines[:MOST]:
        try:
            rate = _read_line(line, today)
            _check(rate, company_currency())
        except (Invalid, ValueError, InvalidOperation):
            wrong.append(_("line %(number)s: %(text)s") % {"number": number, "text": line[:60]})
        else:
            found.append(rate)
    if len(lines) > MOST:
        raise Invalid(fields={"text": _("Paste at most %(count)s lines at a time") % {"count": MOST}})
    if wrong:
        raise Invalid(fields={"text": _("Write “EUR 7.85 2026-10-01” in each line. Check %(lines)s.")
                              % {"lines": "; ".join(wrong[:5])}})  # fmt: skip
    if not found:
        raise Invalid(fields={"text": _("Paste at least one line")})
    return found


def _read_line(line: str, today: dt.date) -> NewRate:
    parts = [part for part in re.split(r"[\t,;\s]+", line) if part]
    if len(parts) not in (2, 3):
        raise ValueError(line)
    codes = [part.upper() for part in parts if part.isalpha()]
    days = [part for part in parts if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", part)]
    numbers = [part for part in parts if not part.isalpha() and part not in days]
    if len(codes) != 1 or len(numbers) != 1:
        raise ValueError(line)
    day = parse_date("-".join(each.zfill(2) for each in re.split("[-/.]", days[0]))) if days else today
    if day is None:
        raise ValueError(line)
    return NewRate(codes[0], Decimal(numbers[0]), day)


def _store(rate: NewRate, base: str) -> ExchangeRate:
    _check(rate, base)
    row, _new = ExchangeRate.objects.update_or_create(
        base=base, currency=rate.currency, valid_from=rate.valid_from, defaults={"rate": rate.rate}
    )
    return row


def _check(rate: NewRate, base: str) -> None:
    wrong: dict[str, object] = {}
    if rate.currency not in money.SIGNS or rate.currency == base:
        wrong["currency"] = _("Choose a currency other than %(base)s") % {"base": base}
    if not rate.rate.is_finite() or not 0 < rate.rate < _LIMIT:
        wrong["rate"] = _("Enter a rate above zero")
    if wrong:
        raise Invalid(fields=wrong)


def _tell(actor: Actor, type: str, row: ExchangeRate) -> None:
    data = {
        "currency": row.currency, "base": row.base, "rate": f"{row.rate.normalize():f}",
        "day": row.valid_from.isoformat(),
    }  # fmt: skip
    record_activity(actor=actor, type=type, subject=row, data=data)
