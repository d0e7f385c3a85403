"""Contracts and payments in the browser's hands: from the quote's button to the reminder."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.core import clock, tokens
from crm.core.actor import Actor
from crm.testing.builders import make_user, staff
from customers.models import PortalSession
from customers.portals.visits import hash_token
from customers.tests.builders import make_contact, make_customer
from sales.actions.reminders import find_overdue
from sales.facts import money_late
from sales.models import Contract, Instalment, Payment, Reminder
from sales.panels.contracts import contracts_of, money_due
from sales.views.sending import warnings_about

from .contract_builders import in_days, make_contract, pay, signed, today
from .deal_builders import make_deal
from .quote_builders import make_seller, sent_quote
from .test_quotes import accept

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client):
    user = make_seller()
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"contracts:{name}", args=args)


def test_from_the_accepted_quote_to_the_paid_contract(client, seller):
    quote = accept(sent_quote(seller, customer=make_customer("Nordlys", owner=seller)))
    page = client.get(reverse("quotes:quote_detail", args=[quote.pk])).content.decode()
    assert url("contract_of_quote", quote.pk) in page
    assert url("order_of_quote", quote.pk) in page
    client.post(url("contract_of_quote", quote.pk))
    contract = Contract.objects.get()
    divide = {"divide": "1", "way": "percent", "count": "3", "percents": "30，60、10", "first_on": "2026-12-31"}
    page = client.post(url("contract_plan", contract.pk), divide).content.decode()
    for text in ("600.00", "1200.00", "200.00", "2026-12-31", "2027-01-31", "2027-02-28"):
        assert text in page
    rows = {"part-TOTAL_FORMS": "2", "part-INITIAL_FORMS": "0", "part-0-due_on": "2026-12-31", "part-0-amount": "800",
            "part-1-due_on": "2027-01-31", "part-1-amount": "1199"}  # fmt: skip
    assert client.post(url("contract_plan", contract.pk), rows).status_code == 422
    assert client.post(url("contract_plan", contract.pk), {**rows, "part-1-amount": "1,200"}).status_code == 302
    client.post(url("contract_submit", contract.pk), {"reason": ""})
    paper = SimpleUploadedFile("signed.pdf", client.get(url("contract_pdf", contract.pk)).content)
    sign = {"signed_on": today().isoformat(), "signed_by_name": "Li Lei", "file": paper}
    client.post(url("contract_sign", contract.pk), sign)
    page = client.get(url("contract_detail", contract.pk)).content.decode()
    assert "HT-" in page
    assert "signed.pdf" in page
    client.post(
        url("payment_create", contract.pk),
        {"received_on": today().isoformat(), "amount": "¥2,100.00", "currency": "CNY", "method": "transfer"},
    )
    payment = Payment.objects.get()
    assert payment.credit == 100
    page = client.get(url("payment_detail", payment.pk)).content.decode()
    assert "¥1,200.00" in page
    assert payment.label in client.get(url("payment_list")).content.decode()
    assert client.post(url("contract_complete", contract.pk)).status_code == 302


def test_a_contract_is_written_and_changed(client, seller):
    customer = make_customer(owner=seller)
    assert client.get(url("contract_pick"), {"customer": customer.pk}).url == url("contract_create", customer.pk)
    assert client.get(url("contract_pick"), {"customer": "x"}).status_code == 422
    assert client.get(url("quote_pick"), {"customer": customer.pk}).url.endswith(f"/quotes/new/{customer.pk}/")
    head = {
        "name": "Service", "language": "en", "currency": "CNY", "tax_included": "on", "amount": "1200",
        "starts": "2026-01-01", "ends": "2026-12-31", "notice_days": "30", "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
    }  # fmt: skip
    address = url("contract_create", customer.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {**head, "ends": "2025-12-31"}).status_code == 422
    assert client.post(address, head).status_code == 302
    contract = Contract.objects.get()
    assert contract.amount == 1200
    line = {"line-0-name": "Visits", "line-0-quantity": "4", "line-0-unit_price": "500"}
    client.post(url("contract_update", contract.pk), {**head, **line})
    contract.refresh_from_db()
    assert (contract.amount, contract.lines.count()) == (2000, 1)
    page = client.get(url("contract_list")).content.decode()
    assert "Service" in page
    client.post(url("contract_delete", contract.pk))
    assert not Contract.objects.exists()


def test_what_is_signed_says_why_it_cannot_be_deleted(client, seller):
    contract = signed(seller)
    answer = client.post(url("contract_delete", contract.pk))
    assert answer.status_code == 409
    assert "Cancel it instead" in answer.content.decode()


def test_another_currency_is_refused_in_words(client, seller):
    contract = signed(seller)
    sent = {"received_on": today().isoformat(), "amount": "10", "currency": "USD", "method": "transfer"}
    answer = client.post(url("payment_create", contract.pk), sent)
    assert answer.status_code == 422
    assert f"The contract {contract.label} is in CNY" in answer.content.decode()


def test_what_is_late_is_seen_and_reminded(client, seller):
    customer = make_customer("Nordlys", owner=seller)
    contact = make_contact(customer, emails=["pay@example.test"])
    contract = signed(seller, parts=[(-20, "400"), (3, "600")], customer=customer, contact=contact, language="en")
    make_contract(seller, customer=customer)
    find_overdue(actor=Actor.system())
    reminder = Reminder.objects.get()
    assert reminder.level == 2
    page = client.get(url("contract_detail", contract.pk)).content.decode()
    assert url("reminder_send", reminder.pk) in page
    page = client.get(url("reminder_send", reminder.pk)).content.decode()
    assert "pay@example.test" in page
    assert "20 days ago" in page
    client.post(url("reminder_send", reminder.pk), {"to_email": "pay@example.test"})
    reminder.refresh_from_db()
    assert reminder.sent_to == "pay@example.test"
    for params, count in (({"due": "overdue"}, 1), ({"due": "30"}, 1), ({"state": "open"}, 2), ({"state": "paid"}, 0)):
        page = client.get(url("instalment_list"), params).content.decode()
        assert page.count(f'href="{url("contract_detail", contract.pk)}"') >= count
    actor = staff(seller)
    assert "¥400.00 overdue, for 20 days" in str(money_late(actor, customer))
    assert any("overdue" in str(text) for text in warnings_about(actor, customer))
    assert len(contracts_of(actor, customer)["contracts"]) == 2
    due = money_due(actor, customer)
    assert (due["overdue"], due["aging"]) == ("¥400.00", [("CNY", [("1–30", "¥400.00")])])


def test_what_speaks_against_it_stands_on_quote_and_contract_and_before_they_go_out(client, seller):
    contract = signed(seller, parts=[(-5, "400"), (30, "600")])
    quote = sent_quote(seller, customer=contract.customer)
    said = "¥400.00 overdue, for 5 days"
    for address in (
        url("contract_detail", contract.pk), url("contract_renew", contract.pk), url("contract_send", contract.pk),
        reverse("quotes:quote_detail", args=[quote.pk]), reverse("quotes:quote_send", args=[quote.pk]),
        reverse("sales:opportunity_detail", args=[make_deal(owner=seller, customer=contract.customer).number]),
    ):  # fmt: skip
        assert said in client.get(address).content.decode(), address
    client.post(url("contract_renew", contract.pk))
    assert contract.renewals.count() == 1


def test_money_goes_back_and_credit_is_used(client):
    client.force_login(make_user("sales_manager"))
    customer = make_customer()
    first, second = signed(amount="100", customer=customer), signed(amount="50", customer=customer)
    payment = pay(first, "130")
    Contract.objects.update(department=None)
    boss = make_user("administrator")
    client.force_login(boss)
    assert payment.label in client.get(url("contract_detail", second.pk)).content.decode()
    client.post(url("payment_credit", payment.pk), {"contract": second.pk})
    client.post(url("payment_refund", payment.pk), {"amount": "10", "refunded_on": today().isoformat(), "reason": "x"})
    assert client.post(url("payment_reverse", payment.pk), {"reason": ""}).status_code == 422
    client.post(url("payment_reverse", payment.pk), {"reason": "Bounced"})
    payment.refresh_from_db()
    assert (payment.left, list(Instalment.objects.values_list("paid", flat=True))) == (0, [Decimal(0), Decimal(0)])


def test_reminders_are_set_up_in_the_settings(client):
    client.force_login(make_user("administrator"))
    address = url("payment_settings")
    sent = {"first_days": "5", "second_days": "4", "third_days": "30", "usual_days": "30"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "second_days": "10"}).status_code == 302
    assert 'value="10"' in client.get(address).content.decode()
    assert in_days(1) > today()


def test_a_contact_reads_their_signed_contracts_and_nobody_elses(client, seller):
    customer = make_customer(owner=seller)
    mine, colleague = make_contact(customer, language="en"), make_contact(customer)
    contract = signed(seller, parts=[(-4, "400"), (30, "600")], customer=customer, contact=mine, name="Ours")
    pay(contract, "150")
    make_contract(seller, customer=customer, contact=mine, name="Not yet")
    other = signed(seller, customer=customer, contact=colleague, name="Theirs")
    visitor = enter(mine)
    page = visitor.get("/portal/contracts/").content.decode()
    assert "Ours" in page
    assert "Theirs" not in page
    assert "Not yet" not in page
    page = visitor.get(f"/portal/contracts/{contract.pk}/").content.decode()
    assert "¥150.00 of ¥1,000.00 paid, ¥850.00 outstanding" in page
    assert visitor.get(f"/portal/contracts/{contract.pk}/pdf/").content.startswith(b"%PDF")
    assert visitor.get(f"/portal/contracts/{other.pk}/").status_code == 404
    assert client.get(url("contract_detail", other.pk)).status_code == 200


def enter(contact):
    """A browser in which the contact is signed in to the portal."""
    visitor, token = Client(), tokens.new_token()
    PortalSession.objects.create(
        contact=contact, identity=contact.identities.filter(kind="email").get(), token_hash=hash_token(token),
        expires_at=clock.now() + dt.timedelta(days=1),
    )  # fmt: skip
    visitor.cookies["portal"] = token
    return visitor
