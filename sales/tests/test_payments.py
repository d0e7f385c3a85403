"""Money of contracts: split to the cent, put on instalments, given back, late, reminded, and nothing lost in haste."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum

from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.errors import Conflict, DomainError, Invalid, NotFound
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.planner.models import Task
from crm.testing.builders import make_department, make_user, staff
from customers.tests.builders import make_contact, make_customer
from sales.actions.contract_states import cancel_contract
from sales.actions.payment_settings import save_payment_settings
from sales.actions.payments import record_payment, refund_payment, reverse_payment, use_credit
from sales.actions.plans import NewInstalment, set_plan
from sales.actions.reminders import find_overdue, send_reminder
from sales.exceptions.payments import NothingLeft, NothingOwed, OtherCurrency, PaidStays, TooMuch
from sales.models import Allocation, Contract, Instalment, Payment, PaymentSettings, Reminder
from sales.paying.splitting import by_percent, in_equal_parts, months_later, spread
from sales.selectors.payments import debt_of, overdue_of

from .contract_builders import in_days, make_contract, paid_of, pay, signed, today
from .quote_builders import make_seller

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
YEARS = 31


def D(*texts):
    return [Decimal(text) for text in texts]


@pytest.fixture
def seller():
    return make_seller()


def test_splits_add_up_to_the_smallest_unit():
    rng = Random(7)
    for _round in range(300):
        currency = rng.choice(["CNY", "JPY", "USD"])
        amount = money.rounded(Decimal(rng.randrange(1, 10**9)) / 100, currency)
        unit = Decimal(1).scaleb(-money.digits_of(currency))
        parts = in_equal_parts(amount, currency, rng.randrange(1, 25))
        assert sum(parts) == amount
        assert max(parts) - min(parts) <= unit
        cuts = sorted(rng.sample(range(1, 10000), rng.randrange(0, 9)))
        shares = [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 10000], strict=True)]
        parts = by_percent(amount, currency, shares)
        assert sum(parts) == amount
        assert all(abs(part - amount * share / 100) <= unit for part, share in zip(parts, shares, strict=True))
    assert in_equal_parts(Decimal(100), "CNY", 3) == D("33.33", "33.34", "33.33")
    for wrong in ([], D("50", "49.99"), D("110", "-10")):
        with pytest.raises(ValueError, match="100"):
            by_percent(Decimal(1), "CNY", wrong)


def test_months_end_where_they_are_shorter():
    day = dt.date(2028, 1, 31)
    assert [months_later(day, n) for n in (0, 1, 13)] == [day, dt.date(2028, 2, 29), dt.date(2029, 2, 28)]
    assert spread(Decimal(5), D("3", "4", "1")) == D("3", "2", "0")


def test_the_oldest_comes_first_and_too_much_is_credit():
    contract = signed(parts=[(10, "400"), (-40, "100"), (-5, "500")])
    pay(contract, "550")
    assert paid_of(contract) == D("100", "450", "0")
    last = pay(contract, "500.50", reference="Bank 17")
    assert paid_of(contract) == D("100", "500", "400")
    assert (last.credit, last.label) == (Decimal("50.50"), f"R-{clock.now().year}-0002")
    assert contract.instalments.filter(paid_on=today()).count() == 3


def test_a_person_decides_where_it_falls():
    contract = signed(parts=[(1, "400"), (2, "600")])
    first, second = contract.instalments.all()
    for wrong in ({second.pk: Decimal("600.01")}, {first.pk: Decimal(300), second.pk: Decimal(300)}, {0: Decimal(1)}):
        with pytest.raises(TooMuch):
            pay(contract, "500", allocations=wrong)
    payment = pay(contract, "500", allocations={second.pk: Decimal(450)})
    assert (paid_of(contract), payment.credit) == (D("0", "450"), Decimal(50))
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"currency": "USD"}, OtherCurrency),
        ({"amount": Decimal(0)}, Invalid),
        ({"amount": Decimal("1.001")}, Invalid),
        ({"method": "barter"}, Invalid),
        ({"received_on": dt.date(9999, 1, 1)}, Invalid),
        ({"state": "paid"}, Invalid),
    ],
)
def test_what_a_payment_cannot_be(values, error):
    contract = signed()
    with pytest.raises(error):
        record_payment(actor=SYSTEM, contract=contract, values={"amount": Decimal(1), **values})
    assert paid_of(contract) == D("0")


def test_nothing_is_paid_on_a_draft_or_a_cancelled_contract_and_a_repetition_counts_once():
    with pytest.raises(NothingOwed):
        pay(make_contract(), "1")
    contract = signed()
    assert pay(contract, "10", form_key="k1") == pay(contract, "10", form_key="k1")
    assert paid_of(contract) == D("10")
    with pytest.raises(Conflict):
        pay(contract, "11", form_key="k1")
    cancel_contract(actor=SYSTEM, contract=contract, reason="Withdrawn")
    with pytest.raises(NothingOwed):
        pay(contract, "1")


def test_credit_pays_another_contract_of_the_customer_in_the_same_currency():
    customer = make_customer()
    first, second = signed(amount="100", customer=customer), signed(amount="80", customer=customer)
    payment = pay(first, "150")
    with pytest.raises(OtherCurrency):
        use_credit(actor=SYSTEM, payment=payment, contract=signed(customer=customer, currency="USD"))
    with pytest.raises(NotFound):
        use_credit(actor=SYSTEM, payment=payment, contract=signed())
    assert use_credit(actor=SYSTEM, payment=payment, contract=second).credit == 0
    assert paid_of(second) == D("50")
    with pytest.raises(TooMuch):
        use_credit(actor=SYSTEM, payment=payment, contract=second)
    reverse_payment(actor=SYSTEM, payment=payment, reason="Bounced")
    assert (paid_of(first), paid_of(second)) == (D("0"), D("0"))


def test_a_refund_takes_credit_first_then_the_part_due_last():
    contract = signed(parts=[(-9, "100"), (9, "100")])
    payment = pay(contract, "230")
    with pytest.raises(TooMuch):
        refund_payment(actor=SYSTEM, payment=payment, amount=Decimal("230.01"), reason="Too much")
    with pytest.raises(Invalid):
        refund_payment(actor=SYSTEM, payment=payment, amount=Decimal(1), reason=" ")
    back = refund_payment(actor=SYSTEM, payment=payment, amount=Decimal(80), reason="Paid twice")
    payment.refresh_from_db()
    assert (back.amount, payment.credit, payment.left) == (Decimal(-80), 0, Decimal(150))
    assert paid_of(contract) == D("100", "50")
    with pytest.raises(NothingLeft):
        reverse_payment(actor=SYSTEM, payment=back, reason="No")
    reverse_payment(actor=SYSTEM, payment=payment, reason="Wrong customer")
    assert paid_of(contract) == D("0", "0")
    with pytest.raises(NothingLeft):
        reverse_payment(actor=SYSTEM, payment=payment, reason="Again")


def test_any_run_of_payments_keeps_the_books():
    """Seeded: whatever is paid, refunded or reversed, no part is overpaid and every cent is somewhere."""
    rng = Random(11)
    contract = signed(amount="1000", parts=[(-30, "333.33"), (0, "333.33"), (30, "333.34")])
    for _step in range(25):
        amount = Decimal(rng.randrange(1, 60_000)) / 100
        received = list(Payment.objects.received())
        try:
            if not received or rng.random() < 0.5:
                pay(contract, str(amount))
            elif rng.random() < 0.5:
                refund_payment(actor=SYSTEM, payment=rng.choice(received), amount=amount, reason="x")
            else:
                reverse_payment(actor=SYSTEM, payment=rng.choice(received), reason="x")
        except (TooMuch, NothingLeft):
            pass
        _check_books(contract)
    for payment in Payment.objects.received():
        if payment.left:
            reverse_payment(actor=SYSTEM, payment=payment, reason="x")
    assert paid_of(contract) == D("0", "0", "0")
    assert Payment.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def _check_books(contract):
    cash = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    credit = Payment.objects.aggregate(sum=Sum("credit"))["sum"] or 0
    put = Allocation.objects.aggregate(sum=Sum("amount"))["sum"] or 0
    assert cash == credit + put
    assert put == sum(paid_of(contract))
    for part in contract.instalments.all():
        assert 0 <= part.paid <= part.amount
        assert part.paid == (part.allocations.aggregate(sum=Sum("amount"))["sum"] or 0)


def test_a_plan_may_move_but_what_was_paid_on_stays():
    contract = signed(parts=[(-5, "400"), (5, "600")])
    pay(contract, "100")
    first, second = contract.instalments.all()
    for wrong in (
        [NewInstalment(in_days(1), Decimal(1000))],
        [NewInstalment(in_days(1), Decimal(99), id=first.pk), NewInstalment(in_days(2), Decimal(901))],
    ):
        with pytest.raises(PaidStays):
            set_plan(actor=SYSTEM, contract=contract, instalments=wrong)
    parts = [NewInstalment(in_days(20), Decimal(100), id=first.pk), NewInstalment(in_days(9), Decimal(900))]
    set_plan(actor=SYSTEM, contract=contract, instalments=parts)
    assert paid_of(contract) == D("0", "100")
    assert not Instalment.objects.filter(pk=second.pk).exists()
    with pytest.raises(Invalid):
        set_plan(actor=SYSTEM, contract=contract, instalments=[NewInstalment(today(), Decimal(1000), id=second.pk)])


def late_by(days):
    return clock.at(clock.now() + dt.timedelta(days=days))


def test_the_owner_hears_once_a_level_and_the_task_goes_when_it_is_paid(seller):
    contract = signed(seller, parts=[(0, "400"), (60, "600")])
    told = []
    for days in (2, 3, 3, 13, 14, 30, 59):
        with late_by(days):
            told.append(find_overdue(actor=SYSTEM))
    assert told == [0, 1, 0, 0, 1, 1, 0]
    assert list(Reminder.objects.order_by("level").values_list("level", "sent_at")) == [(1, None), (2, None), (3, None)]
    assert Task.objects.open().filter(assignee=seller).count() == 3
    assert not OutgoingMail.objects.exists()
    pay(contract, "400")
    assert not Task.objects.open().exists()


def test_a_reminder_goes_when_it_is_pressed_and_not_twice(seller):
    customer = make_customer("Nordlys", owner=seller)
    contact = make_contact(customer, emails=["pay@example.test"])
    contract = signed(seller, parts=[(0, "1000")], customer=customer, contact=contact, language="zh-hans")
    with late_by(5):
        find_overdue(actor=SYSTEM)
        reminder = Reminder.objects.get()
        with pytest.raises(Invalid):
            send_reminder(actor=staff(seller), reminder=reminder, to_email=" ")
        send_reminder(actor=staff(seller), reminder=reminder, to_email="pay@example.test")
        mail = OutgoingMail.objects.get()
        assert contract.label in mail.subject
        assert "¥1,000.00" in mail.text
        assert "付款提醒" in mail.subject
        with pytest.raises(Conflict):
            send_reminder(actor=staff(seller), reminder=reminder, to_email="pay@example.test")
    with late_by(20):
        find_overdue(actor=SYSTEM)
        pay(contract, "1000")
        with pytest.raises(Conflict):
            send_reminder(actor=staff(seller), reminder=Reminder.objects.get(level=2), to_email="pay@example.test")
    contract.refresh_from_db()
    assert contract.conversation.messages.count() == 1


def test_reminders_go_by_themselves_where_that_is_set(seller):
    boss, settings = staff(make_user("sales_manager")), PaymentSettings.objects.get()
    with pytest.raises(Invalid):
        save_payment_settings(actor=boss, record=settings, values={"first_days": 20})
    save_payment_settings(actor=boss, record=settings, values={"first_days": 1, "is_automatic": True})
    customer = make_customer(owner=seller)
    contact = make_contact(customer, emails=["pay@example.test"])
    signed(seller, parts=[(0, "1000")], customer=customer, contact=contact)
    signed(seller, parts=[(0, "1000")])
    with late_by(1):
        assert find_overdue(actor=SYSTEM) == 2
    assert OutgoingMail.objects.get().to_email == "pay@example.test"
    assert Reminder.objects.filter(sent_at=None).count() == 1


def test_what_a_customer_owes_by_currency_and_age(seller):
    customer = make_customer(owner=seller)
    signed(seller, parts=[(-95, "100"), (-10, "200"), (5, "700")], customer=customer)
    signed(seller, "50", currency="USD", parts=[(-1, "50")], customer=customer)
    make_contract(seller, customer=customer)
    found = overdue_of([customer.pk, 0])
    assert set(found) == {customer.pk}
    owed = found[customer.pk]
    assert (owed.sums, owed.count, owed.days) == ({"CNY": Decimal(300), "USD": Decimal(50)}, 3, 95)
    debt = debt_of(staff(seller), customer.pk)
    assert debt.open == {"CNY": Decimal(1000), "USD": Decimal(50)}
    assert debt.aging["CNY"] == D("200", "0", "0", "100")
    assert debt.following.amount == 700
    stranger = make_seller()
    stranger.department = make_department("Elsewhere")
    stranger.save(update_fields=["department"])
    assert debt_of(staff(stranger), customer.pk).open == {}


def at_once(*works):
    gate = Barrier(len(works))

    def one(work):
        try:
            gate.wait(timeout=30)
            return work()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.mark.django_db(transaction=True)
def test_payments_in_haste_never_overpay_and_number_without_a_gap():
    contract = signed(amount="100", parts=[(1, "60"), (2, "40")])
    results = at_once(*[lambda: pay(contract, "40")] * 4)
    assert all(isinstance(result, Payment) for result in results)
    assert paid_of(contract) == D("60", "40")
    assert Payment.objects.aggregate(sum=Sum("credit"))["sum"] == 60
    assert sorted(Payment.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    paid = max(results, key=lambda result: result.number)
    rivals = at_once(*[lambda: reverse_payment(actor=SYSTEM, payment=paid, reason="x")] * 2)
    assert sum(isinstance(result, NothingLeft) for result in rivals) == 1
    _check_books(Contract.objects.get())
    assert not Notification.objects.filter(kind="").exists()
