"""Exchange rates: dated, never guessed, and what has none is left out and counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from crm.console.actions.rates import import_rates, remove_rate, save_rate
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed
from crm.core.models import ExchangeRate
from crm.core.rates import Part, Rates, converted
from crm.testing.builders import make_user, staff
from crm.testing.suites import signed_in
from crm.testing.suites import staff as person

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
MARCH, MAY = dt.date(2026, 3, 1), dt.date(2026, 5, 1)


def rate(currency: str = "EUR", value: str = "7.80", day: dt.date = MARCH) -> ExchangeRate:
    return save_rate(actor=SYSTEM, values={"currency": currency, "rate": Decimal(value), "valid_from": day})


def test_the_rate_of_the_day_counts_and_what_has_none_is_said() -> None:
    rate(), rate(value="8.00", day=MAY)
    parts = [
        Part("CNY", MARCH, Decimal("10.00"), 2),
        Part("EUR", MARCH, Decimal("1.01")),
        Part("EUR", MAY + dt.timedelta(days=9), Decimal(1)),
        Part("EUR", MARCH - dt.timedelta(days=1), Decimal(5), 3),
        Part("USD", MAY, Decimal(7)),
    ]
    total = Rates().total(parts)
    assert (total.amount, total.count) == (Decimal("25.88"), 4)  # 10 + 7.878 rounded + 8
    with translation.override("en"):
        assert total.notes() == [
            "EUR at the rates of 1 Mar 2026 to 1 May 2026.",
            "3 amounts in EUR are not included: no rate.",
            "1 amount in USD is not included: no rate.",
        ]
    assert not total.is_whole and total.text == "¥25.88"


def test_a_company_that_changes_its_currency_misreads_no_old_rate() -> None:
    rate()
    assert converted(Decimal(1), "EUR", MAY).amount == Decimal("7.80")
    other = converted(Decimal(1), "EUR", MAY, base="GBP")
    assert other.amount == 0 and other.missing == {"EUR": 1}


def test_correcting_and_removing() -> None:
    row = rate()
    assert rate(value="7.90").pk == row.pk
    later = rate(day=MAY)
    with pytest.raises(Invalid):
        save_rate(actor=SYSTEM, record=later, values={"valid_from": MARCH})
    remove_rate(actor=SYSTEM, record=later)
    assert list(ExchangeRate.objects.values_list("rate", flat=True)) == [Decimal("7.9")]
    for wrong in ({"currency": "CNY"}, {"currency": "XXX"}, {"rate": Decimal(0)}, {"rate": Decimal("NaN")}):
        with pytest.raises(Invalid):
            save_rate(actor=SYSTEM, values={"currency": "EUR", "rate": Decimal(1), "valid_from": MAY, **wrong})
    with pytest.raises(NotAllowed):
        save_rate(actor=staff(make_user()), values={"currency": "EUR", "rate": Decimal(1), "valid_from": MAY})


def test_pasting_is_all_or_none_and_reads_cells_in_any_order() -> None:
    with clock.at(dt.datetime(2026, 5, 1, 4, tzinfo=dt.UTC)):
        count = import_rates(actor=SYSTEM, text="EUR\t7.85\t2026-03-01\n\n2026/4/1, USD, 7.1\nhkd 0.91\n")
    assert count == 3
    stored = ExchangeRate.objects.order_by("currency").values_list("currency", "valid_from")
    assert list(stored) == [("EUR", MARCH), ("HKD", MAY), ("USD", dt.date(2026, 4, 1))]
    with pytest.raises(Invalid) as caught:
        import_rates(actor=SYSTEM, text="GBP 9.1\nEUR seven\nEUR 1 2026-02-31\nCNY 1")
    assert all(f"line {number}" in str(caught.value.fields["text"]) for number in (2, 3, 4))
    assert not ExchangeRate.objects.filter(currency="GBP").exists()


def test_the_screens_list_enter_paste_and_remove() -> None:
    client = signed_in(person("console.manage_brand", "console.view_settings"))
    values: dict[str, Any] = {"currency": "EUR", "rate": "7.85", "valid_from": "2026-03-01"}
    assert client.post(reverse("console:rate_create"), values).status_code == 302
    row = ExchangeRate.objects.get()
    assert "1 EUR = 7.85 CNY" in client.get(reverse("console:rate_list")).content.decode()
    assert client.post(reverse("console:rate_create"), values | {"rate": "-1"}).status_code == 422
    assert client.post(reverse("console:rate_import"), {"text": "nonsense"}).status_code == 422
    assert client.post(reverse("console:rate_import"), {"text": "USD 7.1 2026-03-01"}).status_code == 302
    url = reverse("console:rate_update", args=[row.pk])
    assert client.post(url, values | {"rate": "7.9"}).status_code == 302
    assert client.post(reverse("console:rate_remove", args=[row.pk])).status_code == 302
    assert [row.currency for row in ExchangeRate.objects.all()] == ["USD"]
