"""What people and machines type that cannot be: a clear sentence each time, and nothing is lost or done twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from crm.testing.suites import signed_in
from crm.testing.suites import staff as person
from customers.tests.builders import make_customer
from sales.models import Contract, Payment, Quote

from .contract_builders import pay, signed, today
from .quote_builders import line, make_quote
from .test_quote_pages import head

pytestmark = pytest.mark.django_db
RIGHTS = (
    "quotes.view", "quotes.create", "quotes.update", "quotes.reprice", "customers.view", "contracts.view",
    "contracts.create", "contracts.update", "payments.view", "payments.record", "payments.reverse",
)  # fmt: skip


@pytest.fixture
def browser() -> Any:
    return signed_in(person(*RIGHTS))


def test_lines_that_cannot_be_are_named_and_the_rest_stays_typed(browser: Any) -> None:
    url = reverse("quotes:quote_create", args=[make_customer("Nordlys").pk])
    for values, said in (
        ({"line-0-quantity": "0"}, "Enter a quantity above zero"),
        ({"line-0-quantity": "-3"}, "Enter a quantity above zero"),
        ({"line-0-unit_price": "-0.01"}, "greater than or equal to 0"),
        ({"line-0-unit_price": "NaN"}, "Enter a number"),
        ({"line-0-unit_price": "1e400"}, "digits"),
        ({"line-0-quantity": "999999999", "line-0-unit_price": "9999999999"}, "The amounts are too large"),
        ({"line-0-discount_percent": "100.01"}, "less than or equal to 100"),
        ({"line-0-product": "4711"}, "Select a valid choice"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"valid_until": "31.02.2099"}, "Enter a valid date"),
        ({"line-TOTAL_FORMS": "1000000"}, "at most 200"),
        ({"line-TOTAL_FORMS": "many"}, "ManagementForm data is missing"),
    ):
        page = browser.post(url, head(**values))
        body = page.content.decode()
        assert page.status_code == 422 and said in body and "Label stations" in body, values
        assert browser.post(f"{url}?totals=1", head(**values)).status_code == 200, values
    assert not Quote.objects.exists()
    assert browser.post(url, head(**{"line-TOTAL_FORMS": "0"})).status_code == 302
    quote = Quote.objects.get()
    answer = browser.post(reverse("quotes:quote_submit", args=[quote.pk]), {"reason": ""})
    assert answer.status_code == 422 and "Add at least one line first" in answer.content.decode()


def test_of_two_people_in_one_editor_the_second_is_told_and_keeps_what_was_typed(browser: Any) -> None:
    quote = make_quote(None, line(name="Dock"))
    url, other = reverse("quotes:quote_update", args=[quote.pk]), signed_in(person(*RIGHTS))
    seen = browser.get(url).context["seen"]
    assert other.post(url, head(seen=other.get(url).context["seen"], name="Theirs")).status_code == 302
    page = browser.post(url, head(seen=seen, name="Mine"))
    assert page.status_code == 409 and "Somebody else saved this" in page.content.decode()
    assert "Mine" in page.content.decode() and Quote.objects.get().name == "Theirs"
    assert browser.post(url, head(seen=page.context["seen"], name="Mine")).status_code == 302
    assert Quote.objects.get().name == "Mine"


@pytest.mark.parametrize(("noun", "model"), [("quote", Quote), ("contract", Contract)])
def test_a_new_paper_that_is_sent_twice_is_made_once(browser: Any, noun: str, model: Any) -> None:
    url = reverse(f"{noun}s:{noun}_create", args=[make_customer().pk])
    key = browser.get(url).context["view"].form_key
    values = head(form_key=key, notice_days="30", amount="0")
    first, second = browser.post(url, values), browser.post(url, values)
    assert first["Location"] == second["Location"] and model.objects.count() == 1
    page = browser.post(url, {**values, "name": "Another"})
    assert page.status_code == 409 and "already sent with other content" in page.content.decode()
    fresh = page.context["view"].form_key
    assert fresh != key and browser.post(url, {**values, "name": "Another", "form_key": fresh}).status_code == 302
    assert model.objects.count() == 2


def test_a_payment_and_a_refund_that_are_sent_twice_count_once(browser: Any) -> None:
    contract = signed(amount="1000")
    url = reverse("contracts:payment_create", args=[contract.pk])
    key = browser.get(url).context["form"]["form_key"].value()
    values = {"received_on": today().isoformat(), "amount": "400", "currency": "CNY", "method": "transfer"}
    for wrong, said in (
        ({"amount": "-1"}, "greater than or equal to 0.01"), ({"amount": "0"}, "greater than or equal to 0.01"),
        ({"amount": "99999999999999999"}, "digits"), ({"currency": "USD"}, "is in CNY"),
        ({"received_on": "2999-01-01"}, "not in the future"), ({"method": "gold"}, "Select a valid choice"),
        ({f"part_{contract.instalments.get().pk}": "401"}, "More is put on"),
    ):  # fmt: skip
        page = browser.post(url, {**values, "form_key": key, **wrong})
        assert page.status_code in (409, 422) and said in page.content.decode(), wrong
    assert not Payment.objects.exists()
    for _twice in range(2):
        assert browser.post(url, {**values, "form_key": key}).status_code == 302
    payment = Payment.objects.get()
    back = reverse("contracts:payment_refund", args=[payment.pk])
    refund = {
        "amount": "100", "refunded_on": today().isoformat(), "reason": "Too much",
        "form_key": browser.get(back).context["form"]["form_key"].value(),
    }  # fmt: skip
    for _twice in range(2):
        assert browser.post(back, refund).status_code == 302
    payment.refresh_from_db()
    assert (payment.taken_back, Payment.objects.count()) == (Decimal(100), 2)
    too_much = browser.post(back, {**refund, "amount": "301", "form_key": "x"})
    assert too_much.status_code in (409, 422) and "is left" in too_much.content.decode()
    assert pay(contract, "700").credit == 0
