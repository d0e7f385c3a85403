"""Price lists: which price a customer gets, what is kept of it, and what a discount is against."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.core import clock
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid
from crm.core.translated import Translated
from crm.exchange.tests.builders import csv_of, imported, reasons, undone
from crm.testing.builders import make_user, staff
from crm.testing.suites import ListSuite, signed_in
from crm.testing.suites import staff as person
from customers.actions import NewLine
from customers.models import Product
from customers.tests.builders import make_customer
from sales.actions.prices import remove_list_price, save_list_price, save_price_list, shift_list_price
from sales.actions.quotes import save_quote
from sales.models import PriceList, PriceListItem, Quote
from sales.selectors.prices import PriceBook

from .quote_builders import make_quote

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
DAY = dt.date(2026, 5, 4)


def make_product(price: str = "100", **values: Any) -> Product:
    code = f"T-{Product.objects.count()}"
    facts = {"name": Translated({"en": code}), "price": Decimal(price), "currency": "CNY", "tax_percent": Decimal(13)}
    return Product.objects.create(code=code, **{**facts, **values})


def make_list(name: str = "Dealers", **values: Any) -> PriceList:
    facts = {"name": Translated({"en": name}), "currency": "CNY", **values}
    return save_price_list(actor=SYSTEM, values=facts)


def put(price_list: PriceList, product: Product, price: str, quantity: str = "1") -> PriceListItem:
    values = {"price_list": price_list, "product": product, "unit_price": Decimal(price)}
    return save_list_price(actor=SYSTEM, values={**values, "min_quantity": Decimal(quantity)})


def asked(customer: Any, product: Product, quantity: str = "1", **facts: Any) -> tuple[Decimal, str] | None:
    book = PriceBook(customer, **{"currency": "CNY", "tax_included": True, "on": DAY, **facts})
    found = book.price(product, Decimal(quantity))
    return (found.price, str(found.source or "")) if found else None


def test_the_first_list_that_holds_and_knows_the_product_counts() -> None:
    product, other = make_product(), make_product("70")
    customer, partner = make_customer(), make_customer(industry="Retail")
    only = {"v": 1, "all": [{"field": "customer.industry", "op": "is", "value": "Retail"}]}
    put(make_list("Retail", order=10, condition=only), product, "80")
    everybody = make_list("All", order=20)
    put(everybody, product, "95"), put(everybody, product, "90", "10"), put(everybody, product, "85", "100")
    put(make_list("Old", order=1, valid_to=DAY - dt.timedelta(days=1)), product, "1")
    put(make_list("Next", order=1, valid_from=DAY + dt.timedelta(days=1)), product, "2")
    put(make_list("Off", order=1, is_active=False), product, "3")
    put(make_list("Dollars", order=1, currency="USD"), product, "12")
    assert asked(partner, product, "500") == (80, "Retail")
    assert [asked(customer, product, n) for n in ("9.9", "10", "250")] == [(95, "All"), (90, "All"), (85, "All")]
    assert asked(customer, other) == (70, "")
    assert asked(customer, product, currency="USD") == (12, "Dollars")
    assert asked(customer, other, currency="USD") is None
    assert asked(customer, product, tax_included=False) == (Decimal("84.0708"), "All")


def test_a_line_keeps_its_list_price_and_the_discount_is_against_it() -> None:
    product, dealers = make_product(), make_list()
    put(dealers, product, "80")
    lines = [NewLine(Decimal(1), Decimal(60), product, "", Decimal(10)), NewLine(Decimal(1), Decimal(5), None, "Fee")]
    quote = make_quote(None, *lines)
    kept = quote.lines.get(product=product)
    assert (kept.list_price, kept.price_list) == (80, dealers)
    assert quote.top_discount == Decimal("32.5")  # 60 less 10 % is 54 of 80
    quote = save_quote(actor=SYSTEM, quote=quote, values={}, lines=[NewLine(Decimal(1), Decimal(90), product)])
    assert quote.top_discount == 0


def test_without_the_right_only_a_discount_lowers_the_price() -> None:
    product = make_product()
    put(make_list(), product, "80")
    seller = make_user("sales")
    quote = make_quote(seller, NewLine(Decimal(1), Decimal(75), product))
    bound = person("quotes.view", "quotes.update", "customers.view", scope=Scope.ALL)
    with pytest.raises(Invalid) as caught:
        save_quote(actor=staff(bound), quote=quote, values={}, lines=[NewLine(Decimal(1), Decimal(75), product)])
    assert "80.00" in str(caught.value.fields["lines"])
    given = [NewLine(Decimal(1), Decimal(80), product, "", Decimal(20)), NewLine(Decimal(2), Decimal(1), None, "Fee")]
    assert save_quote(actor=staff(bound), quote=quote, values={}, lines=given).top_discount == 20


def test_what_cannot_be_is_refused() -> None:
    product, dealers = make_product(), make_list()
    price = put(dealers, product, "80")
    for values in (
        {"valid_from": DAY, "valid_to": DAY - dt.timedelta(days=1)}, {"currency": "USD"},
        {"condition": {"v": 1, "all": [{"field": "customer.nothing", "op": "is", "value": 1}]}},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            save_price_list(actor=SYSTEM, record=dealers, values=values)
    with pytest.raises(Invalid):
        put(dealers, product, "70")
    with pytest.raises(Invalid):
        put(dealers, product, "70", "0")
    assert shift_list_price(actor=SYSTEM, record=price, percent=Decimal("-2.5")).unit_price == 78
    remove_list_price(actor=SYSTEM, record=price)
    assert not PriceListItem.objects.exists()


class TestPrices(ListSuite):
    url_name, permission = "prices:list_price_list", "quotes.view"

    def make(self, count: int) -> list[PriceListItem]:
        dealers = make_list()
        return [put(dealers, make_product(), "80") for _number in range(count)]


def test_the_editor_shows_the_price_and_takes_it_where_none_is_entered() -> None:
    client = signed_in(person("quotes.view", "quotes.create", "quotes.update", "customers.view", scope=Scope.ALL))
    product = make_product()
    with clock.at(dt.datetime(2026, 5, 4, 4, tzinfo=dt.UTC)):
        put(make_list(valid_from=DAY), product, "72", "5")
        quote = make_quote()
        url = reverse("quotes:quote_update", args=[quote.pk])
        data = {
            "name": "Printers", "language": "en", "currency": "CNY", "tax_included": "on", "valid_until": "2026-06-01",
            "line-TOTAL_FORMS": "1", "line-INITIAL_FORMS": "0", "line-0-product": str(product.pk),
            "line-0-quantity": "5", "line-0-unit_price": "",
        }  # fmt: skip
        page = client.post(f"{url}?totals=1", data).content.decode()
        assert "¥72.00 · Dealers, from 5" in page and "¥360.00" in page
        assert client.post(url, data).status_code == 302
        assert client.post(url, data | {"currency": "EUR"}).status_code == 422
    line = Quote.objects.get().lines.get()
    assert (line.unit_price, line.list_price) == (72, 72)


def test_lists_and_prices_are_set_up_on_screens() -> None:
    client = signed_in(person("quotes.view", "quotes.price_lists", "orders.view", "customers.view"))
    product = make_product()
    values = {"name_en": "Dealers", "name_zh_hans": "经销商", "currency": "CNY", "order": "10",
              "is_active": "on", "condition": ""}  # fmt: skip
    answer = client.post(reverse("salesdesk:price_list_create"), values)
    assert answer.status_code == 302
    row = PriceList.objects.get()
    price = {"price_list": row.pk, "product": product.pk, "min_quantity": "1", "unit_price": "88.5"}
    assert client.post(reverse("salesdesk:list_price_create"), price).status_code == 302
    assert client.post(reverse("salesdesk:list_price_create"), price).status_code == 422
    item = PriceListItem.objects.get()
    changed = {"min_quantity": "2", "unit_price": "80"}
    assert client.post(reverse("salesdesk:list_price_update", args=[item.pk]), changed).status_code == 302
    item.refresh_from_db()
    assert (item.min_quantity, item.unit_price) == (2, 80)
    assert "All customers." in client.get(reverse("salesdesk:price_list_list")).content.decode()
    assert client.post(reverse("salesdesk:list_price_remove", args=[item.pk])).status_code == 302
    assert not PriceListItem.objects.exists()


def test_a_file_makes_and_changes_prices_and_the_undo_takes_them_back() -> None:
    user = person("exchange.use", "exchange.review", "quotes.view", "quotes.price_lists", "orders.view")
    dealers, product, other = make_list("Dealers"), make_product(), make_product()
    price = put(dealers, product, "80")
    rows = (
        ["Price list", "Code", "From quantity", "Unit price"], ["dealers", product.code, "", "75"],
        ["Dealers", other.code, "10", "60.5"], ["Nobody", product.code, "1", "5"], ["Dealers", "X-0", "1", "5"],
    )  # fmt: skip
    done = imported(user, "list_price", csv_of(*rows), existing="update")
    price.refresh_from_db()
    assert price.unit_price == 75 and PriceListItem.objects.get(product=other).min_quantity == 10
    assert set(reasons(done)) == {4, 5}
    undone(user, done)
    price.refresh_from_db()
    assert price.unit_price == 80 and not PriceListItem.objects.filter(product=other).exists()
