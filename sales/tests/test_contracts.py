"""The life of a contract: where it comes from, approval, number, plan, end. The table of lead-to-payment.md."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from pypdf import PdfReader

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.approvals.actions import approve, reject
from crm.approvals.models import Approval
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.files.models import Attachment
from crm.messaging.delivery import _message
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification
from crm.planner.actions import add_task
from crm.planner.models import Task
from crm.testing.builders import make_department, make_user, staff
from customers.choices import ProductKind
from customers.models import Order
from customers.tests.builders import make_contact, make_customer
from customers.tests.test_trade import make_product
from sales.actions.contract_bin import delete_contract, erase_contract, restore_contract
from sales.actions.contract_quotes import contract_of_quote, order_of_quote
from sales.actions.contract_sending import send_contract
from sales.actions.contract_states import (
    cancel_contract,
    complete_contract,
    end_contracts,
    sign_contract,
    tell_of_endings,
)
from sales.actions.contracts import hand_over, renew_contract, save_contract, submit_contract
from sales.actions.plans import NewInstalment, set_plan
from sales.actions.reminders import find_overdue
from sales.exceptions.contracts import (
    ContractInApproval,
    ContractIsFixed,
    ContractNotReady,
    QuoteHasContract,
    QuoteNotAccepted,
    SignedStays,
    StillOwed,
)
from sales.exceptions.payments import PlanDoesNotAddUp
from sales.facts import won_by_contract
from sales.models import Contract, Reminder
from sales.paper.contracts import render

from .contract_builders import in_days, line, make_contract, pay, signed, today
from .deal_builders import make_deal
from .quote_builders import make_seller, sent_quote
from .test_quotes import accept

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def seller():
    return make_seller()


def accepted_quote(seller, *lines, **values):
    quote = sent_quote(seller, *lines, **values)
    return accept(quote)


def test_a_quote_becomes_a_contract_once_it_is_accepted(seller):
    customer = make_customer(owner=seller)
    deal = make_deal(customer, owner=seller)
    sent = sent_quote(seller, line("2", "100", tax="13"), customer=customer, opportunity=deal, terms="30 days")
    with pytest.raises(QuoteNotAccepted):
        contract_of_quote(actor=staff(seller), quote=sent)
    accept(sent)
    contract = contract_of_quote(actor=staff(seller), quote=sent)
    assert (contract.amount, contract.terms, contract.opportunity, contract.state) == (200, "30 days", deal, "draft")
    assert contract.net + contract.tax == contract.amount
    assert [row.name for row in contract.lines.all()] == ["Label printer"]
    assert contract_of_quote(actor=staff(seller), quote=sent) == contract
    Contract.objects.update(owner=None, department=make_department("Elsewhere"))
    with pytest.raises(QuoteHasContract):
        contract_of_quote(actor=staff(seller), quote=sent)


def test_an_order_takes_the_goods_of_an_accepted_quote_once(seller):

    service = make_product(kind=ProductKind.SERVICE)
    quote = accepted_quote(seller, line("2", "100"), replace(line("1", "1280"), product=service))
    order = order_of_quote(actor=staff(seller), quote=quote)
    assert (order.gross, order.lines.count()) == (200, 1)
    assert order_of_quote(actor=staff(seller), quote=quote) == order
    assert Order.objects.count() == 1


def test_a_contract_without_a_quote_takes_the_products_of_a_deal_or_an_amount(seller):
    deal = make_deal(make_customer(owner=seller), owner=seller, lines=[line("3", "10")])
    made = make_contract(seller, "1", customer=deal.customer, opportunity=deal)
    assert (made.amount, made.lines.count()) == (Decimal("30.00"), 1)
    bare = make_contract(seller, "999.5")
    assert (bare.amount, bare.lines.count(), bare.label) == (Decimal("999.50"), 0, f"D-{bare.pk}")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"starts": dt.date(2026, 2, 1), "ends": dt.date(2026, 1, 1)}, "ends"),
        ({"state": "active"}, "state"),
    ],
)
def test_what_a_contract_cannot_be(values, field):
    with pytest.raises(Invalid) as wrong:
        make_contract(**values)
    assert set(wrong.value.fields) == {field}


def test_a_large_contract_is_approved_first_and_an_edit_loses_it(seller):
    boss = make_user("sales_manager")
    contract = submit_contract(actor=staff(seller), contract=make_contract(seller, "200000.01"))
    assert contract.state == "in_approval"
    with pytest.raises(ContractInApproval):
        save_contract(actor=staff(seller), contract=contract, values={"name": "Other"})
    with pytest.raises(ContractNotReady):
        sign_contract(actor=staff(seller), contract=contract, signed_on=today(), signed_by_name="Li")
    reject(actor=staff(boss), approval=Approval.objects.get(), comment="Too long")
    contract = submit_contract(actor=staff(seller), contract=contract)
    approve(actor=staff(boss), approval=Approval.objects.get(state="pending"))
    contract = save_contract(actor=staff(seller), contract=contract, values={"notice_days": 10})
    assert contract.state == "approved"
    contract = save_contract(actor=staff(seller), contract=contract, values={"amount": Decimal(300_000)}, lines=[])
    assert (contract.state, Approval.objects.filter(state="approved").count()) == ("draft", 0)


def test_the_limit_itself_is_free(seller):
    assert submit_contract(actor=staff(seller), contract=make_contract(seller, "200000")).state == "approved"


def test_signing_numbers_files_and_makes_the_plan(seller):
    contract = submit_contract(actor=staff(seller), contract=make_contract(seller, "500"))
    for values in ({"signed_by_name": " "}, {"signed_on": in_days(1)}):
        with pytest.raises(Invalid):
            sign_contract(
                actor=staff(seller), contract=contract, **{"signed_on": today(), "signed_by_name": "Li", **values}
            )
    assert Contract.objects.get().label == f"D-{contract.pk}"
    paper = ContentFile(render(contract), "signed.pdf")
    contract = sign_contract(actor=staff(seller), contract=contract, signed_on=today(), signed_by_name="Li", file=paper)
    year = clock.now().year
    assert (contract.label, contract.starts) == (f"HT-{year}-0001", today())
    assert signed(seller).label == f"HT-{year}-0002"
    assert Attachment.objects.on("contract", contract.pk).get().name == "signed.pdf"
    part = contract.instalments.get()
    assert (part.amount, part.due_on) == (500, in_days(30))


def test_a_plan_adds_up_before_and_after_the_signature(seller):
    actor, contract = staff(seller), make_contract(seller, "100")
    parts = [NewInstalment(in_days(30), Decimal("66.67")), NewInstalment(in_days(1), Decimal("33.33"), "Deposit")]
    with pytest.raises(PlanDoesNotAddUp):
        set_plan(actor=actor, contract=contract, instalments=parts[:1])
    set_plan(actor=actor, contract=contract, instalments=parts)
    assert [row.name for row in contract.instalments.all()] == ["Deposit", ""]
    save_contract(actor=actor, contract=contract, values={"amount": Decimal(120)})
    submit_contract(actor=actor, contract=contract)
    with pytest.raises(PlanDoesNotAddUp):
        sign_contract(actor=actor, contract=contract, signed_on=today(), signed_by_name="Li")
    assert Contract.objects.get().number is None
    set_plan(actor=actor, contract=contract, instalments=[])
    contract = sign_contract(actor=actor, contract=contract, signed_on=today(), signed_by_name="Li")
    with pytest.raises(PlanDoesNotAddUp):
        set_plan(actor=actor, contract=contract, instalments=[])


def test_what_is_signed_is_fixed_and_stays(seller):
    contract = signed(seller)
    with pytest.raises(ContractIsFixed):
        save_contract(actor=staff(seller), contract=contract, values={"name": "Other"})
    with pytest.raises(SignedStays):
        delete_contract(actor=staff(seller), contract=contract)


def test_cancelling_ends_the_debt_and_keeps_what_was_paid(seller):
    boss = staff(make_user("sales_manager"))
    contract = signed(parts=[(-5, "400"), (30, "600")])
    pay(contract, "100")
    with pytest.raises(Invalid):
        cancel_contract(actor=boss, contract=contract, reason=" ")
    with pytest.raises(NotAllowed):
        cancel_contract(actor=staff(seller), contract=contract, reason="Withdrawn")
    row = cancel_contract(actor=SYSTEM, contract=contract, reason="The customer withdrew")
    assert (row.state, row.payments.count()) == ("cancelled", 1)
    assert not type(row.instalments.all()[0]).objects.open().exists()
    with pytest.raises(ContractIsFixed):
        cancel_contract(actor=SYSTEM, contract=contract, reason="Again")


@pytest.mark.parametrize("takes_over", [False, True])
def test_cancelling_ends_reminders_and_tasks_or_hands_them_over(seller, takes_over):
    colleague, leaver = make_user(), make_user()
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    leaver.refresh_from_db()
    contract = signed(seller, parts=[(-5, "400"), (30, "600")])
    find_overdue(actor=SYSTEM)
    mine = add_task(actor=staff(seller), subject=contract, title="Fetch the loan unit", assignee=seller)
    assert Reminder.objects.count() == 1 and Task.objects.on(contract).open().count() == 2
    with pytest.raises(Invalid):
        cancel_contract(actor=SYSTEM, contract=contract, reason="Withdrawn", to=leaver)
    cancel_contract(actor=SYSTEM, contract=contract, reason="Withdrawn", to=colleague if takes_over else None)
    mine.refresh_from_db()
    assert not Reminder.objects.exists() and find_overdue(actor=SYSTEM) == 0
    assert [task.pk for task in Task.objects.on(contract).open()] == ([mine.pk] if takes_over else [])
    assert (mine.assignee, mine.result) == (
        (colleague, "") if takes_over else (seller, "The contract is cancelled: Withdrawn")
    )


def test_a_contract_is_completed_when_all_is_paid():
    contract = signed(amount="100")
    with pytest.raises(StillOwed):
        complete_contract(actor=SYSTEM, contract=contract)
    pay(contract, "100")
    assert complete_contract(actor=SYSTEM, contract=contract).state == "completed"


def test_the_end_is_told_once_with_a_task_and_comes_by_itself(seller):
    contract = signed(seller, starts=today(), ends=in_days(20), notice_days=10)
    paid = signed(seller, "10", ends=in_days(20), notice_days=0)
    pay(paid, "10")
    assert tell_of_endings(actor=SYSTEM) == 0
    with clock.at(clock.now() + dt.timedelta(days=15)):
        assert (tell_of_endings(actor=SYSTEM), tell_of_endings(actor=SYSTEM)) == (1, 0)
    task = Task.objects.get()
    assert contract.label in task.title
    assert task.assignee == seller
    with clock.at(clock.now() + dt.timedelta(days=22)):
        assert (end_contracts(actor=SYSTEM), end_contracts(actor=SYSTEM)) == (2, 0)
    assert set(Contract.objects.values_list("pk", "state")) == {(contract.pk, "expired"), (paid.pk, "completed")}


@pytest.mark.parametrize(
    ("starts", "ends", "next_ends"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 12, 31)),
        (dt.date(2026, 1, 15), dt.date(2026, 2, 14), dt.date(2026, 3, 14)),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 10), dt.date(2026, 1, 20)),
    ],
)
def test_a_renewal_goes_on_for_as_long(starts, ends, next_ends):
    contract = signed(lines=[line("2", "50")], starts=starts, ends=ends)
    draft = renew_contract(actor=SYSTEM, contract=contract)
    assert (draft.starts, draft.ends) == (ends + dt.timedelta(days=1), next_ends)
    assert (draft.amount, draft.renews, draft.state) == (contract.amount, contract, "draft")
    assert renew_contract(actor=SYSTEM, contract=contract) == draft
    with pytest.raises(ContractIsFixed):
        renew_contract(actor=SYSTEM, contract=draft)


def test_a_deleted_draft_comes_back_unless_its_quote_has_another(seller):
    quote = accepted_quote(seller)
    first = contract_of_quote(actor=staff(seller), quote=quote)
    delete_contract(actor=staff(seller), contract=first)
    second = contract_of_quote(actor=staff(seller), quote=quote)
    assert second != first
    with pytest.raises(QuoteHasContract):
        restore_contract(actor=SYSTEM, contract=first)
    delete_contract(actor=SYSTEM, contract=second)
    assert restore_contract(actor=SYSTEM, contract=first).deleted_at is None
    erase_contract(actor=SYSTEM, contract=second)
    assert Contract.all_objects.count() == 1


def test_sending_mails_the_pdf_in_the_customers_language(seller):
    customer = make_customer("北京云帆科技有限公司", owner=seller)
    contact = make_contact(customer, name="李雷")
    contract = make_contract(
        seller, customer=customer, contact=contact, language="zh-hans", name="维保服务", terms="30 天内付款",
        lines=[line(name="#read(\"x\")")],
    )  # fmt: skip
    with pytest.raises(ContractNotReady):
        send_contract(actor=staff(seller), contract=contract, to_email="a@example.com", text="您好")
    contract = submit_contract(actor=staff(seller), contract=contract)
    set_plan(actor=staff(seller), contract=contract, instalments=[NewInstalment(in_days(3), Decimal(2000), "首付款")])
    send_contract(actor=staff(seller), contract=contract, to_email="a@example.com", text="您好，请签字。")
    mail = OutgoingMail.objects.get()
    assert "请签字" in mail.text
    name, pdf, _type = _message(mail).attachments[0]
    assert name == f"{contract.label}.pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for part in ("北京云帆科技有限公司", "维保服务", "#read", "首付款", "2,000.00", "30 天内付款", "李雷"):
        assert part in text


def test_a_signed_contract_suggests_to_win_and_leaves_it_to_a_person(seller):
    deal = make_deal(make_customer(owner=seller), owner=seller)
    signed(seller, customer=deal.customer, opportunity=deal)
    deal.refresh_from_db()
    assert deal.is_open
    assert won_by_contract(staff(seller), deal)


def test_colleagues_elsewhere_and_handing_over(seller):
    contract, other = make_contract(seller), make_seller()
    other.department = make_department("Elsewhere")
    other.save(update_fields=["department"])
    with pytest.raises(NotFound):
        submit_contract(actor=staff(other), contract=contract)
    with pytest.raises(NotAllowed):
        submit_contract(actor=staff(make_user("agent")), contract=contract)
    assert hand_over(actor=SYSTEM, contract=contract, to=other).department == other.department
    assert Activity.objects.filter(type__gte=1700, type__lt=1750).exists()
    assert not Notification.objects.exists()
    connection.check_constraints()
