"""The pages of contracts, instalments, payments, quotes, price lists and targets hold what every page holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crm.core.translated import Translated
from crm.testing.suites import CreateSuite, DetailSuite, ListSuite, PageSuite, UpdateSuite
from customers.tests.builders import make_customer
from sales.models import Contract, Payment, PriceList

from .contract_builders import make_contract, pay, signed
from .quote_builders import line, make_quote

pytestmark = pytest.mark.django_db


class TestContracts(ListSuite):
    url_name, permission = "contracts:contract_list", "contracts.view"

    def make(self, count: int) -> list[Any]:
        return [signed(), *(make_contract() for _number in range(count - 1))]


class TestContract(DetailSuite):
    url_name, permission, others = "contracts:contract_detail", "contracts.view", ("payments.view", "customers.view")

    def make_one(self) -> Contract:
        return signed(parts=[(-5, "400"), (30, "600")])


class TestInstalments(ListSuite):
    url_name, permission, others = "contracts:instalment_list", "payments.view", ("contracts.view",)

    def make(self, count: int) -> list[Any]:
        return [signed(parts=[(3 * number - 5, "100")]).instalments.get() for number in range(count)]


class TestPayments(ListSuite):
    url_name, permission, others = "contracts:payment_list", "payments.view", ("contracts.view",)

    def make(self, count: int) -> list[Any]:
        contract = signed(amount="100000")
        return [pay(contract, str(100 + number)) for number in range(count)]


class TestPayment(DetailSuite):
    url_name, permission, others = "contracts:payment_detail", "payments.view", ("contracts.view",)

    def make_one(self) -> Payment:
        return pay(signed(amount="1000"), "1200")


class TestQuotes(ListSuite):
    url_name, permission = "quotes:quote_list", "quotes.view"

    def make(self, count: int) -> list[Any]:
        return [make_quote(None, line(name="Dock")) for _number in range(count)]


class TestQuote(DetailSuite):
    url_name, permission, others = "quotes:quote_detail", "quotes.view", ("customers.view",)

    def make_one(self) -> Any:
        return make_quote(None, line(name="Dock"), customer=make_customer("Nordlys"))


def _price_list(number: int = 1) -> PriceList:
    names = Translated({"en": f"List {number}", "zh-hans": f"价格表 {number}"})
    return PriceList.objects.create(name=names, currency="CNY", order=number)


class TestPriceLists(ListSuite):
    url_name, permission, others = "salesdesk:price_list_list", "quotes.price_lists", ("quotes.view",)

    def make(self, count: int) -> list[Any]:
        return [_price_list(number + 1) for number in range(count)]


_TYPED = {
    "name_en": "Dealers", "name_zh_hans": "经销商", "currency": "CNY", "order": "10", "is_active": "on",
    "condition": "",
}  # fmt: skip


class TestNewPriceList(CreateSuite):
    url_name, permission, others = "salesdesk:price_list_create", "quotes.price_lists", ("quotes.view",)
    kept = "Dealers"

    def good(self) -> dict[str, Any]:
        return dict(_TYPED)

    def bad(self) -> dict[str, Any]:
        return {**_TYPED, "valid_from": "2026-05-02", "valid_to": "2026-05-01"}

    def rows(self) -> Any:
        return PriceList.objects.all()


class TestPriceListUpdate(UpdateSuite):
    url_name, permission, others = "salesdesk:price_list_update", "quotes.price_lists", ("quotes.view",)
    kept = "2026-05-01"

    def make_one(self) -> PriceList:
        return _price_list()

    def change(self) -> dict[str, Any]:
        return {"order": "77"}

    def bad(self) -> dict[str, Any]:
        return {"valid_from": "2026-05-02", "valid_to": "2026-05-01"}

    def rival(self, record: PriceList) -> None:
        PriceList.objects.filter(pk=record.pk).update(order=55)

    def changed(self, record: PriceList) -> bool:
        record.refresh_from_db()
        return Decimal(record.order) == 77


class TestTargets(PageSuite):
    url_name, permission = "planning:targets", "opportunities.view"


class TestForecast(PageSuite):
    url_name, permission = "planning:forecast", "opportunities.view"
