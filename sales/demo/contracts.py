"""The demo's contracts: of accepted quotes, of won deals and without either, in each state, with plans and payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from crm.approvals.actions import approve
from crm.approvals.models import Approval
from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.demo import DemoContext
from crm.core.sockets import kinds
from crm.fields import catalogue
from crm.fields.forms import PREFIX
from crm.fields.models import CustomField
from customers.models import Customer

from ..actions import contract_states, contracts, payments, plans, reminders
from ..actions.contract_quotes import contract_of_quote, order_of_quote
from ..choices.payments import PaymentMethod
from ..choices.quotes import QuoteState
from ..models import Contract, Opportunity, Quote
from ..paying.splitting import by_percent
from .quotes import staff_of

Steps = list[tuple[dt.datetime, Callable[[], Any]]]


@dataclass(frozen=True, slots=True)
class Case:
    """A signed contract. signed: days ago. parts: (days after, %) of the plan. paid: (days after, % of the amount)."""

    signed: int
    parts: tuple[tuple[int, int], ...]
    paid: tuple[tuple[int, int], ...] = ()
    lasts: int | None = None
    then: str = ""


CASES = (
    Case(200, ((0, 30), (90, 60), (150, 10)), ((5, 30), (92, 60), (160, 10)), 400, "completed"),
    Case(170, tuple((30 * month, 10) for month in range(10)), tuple((30 * month + 2, 10) for month in range(5)), 365),
    Case(60, ((10, 50), (40, 50)), ((12, 50),), 365),
    Case(120, ((30, 100),), ((40, 35),), 365),
    Case(5, ((30, 50), (90, 50)), (), 365),
    Case(100, ((30, 100),), ((28, 103),)),
    Case(350, ((0, 50), (180, 50)), ((1, 50), (179, 50)), 365),
    Case(400, ((0, 50), (200, 50)), ((3, 50),), 365),
    Case(80, ((20, 40), (60, 60)), ((20, 40),), 365, "cancelled"),
    Case(90, ((30, 100),), ((30, 100),), None, "refunded"),
    Case(25, ((28, 100),)),
    Case(45, ((40, 30), (100, 70))),
    Case(34, ((20, 60), (80, 40)), ((22, 60),), 365),
    Case(3, ((0, 30), (60, 70)), ((2, 30),), 365),
)
#: The customer's number of what it ordered, in the values of actions.
ORDER_NUMBER = f"{PREFIX}customer_order"
UNSIGNED = ("draft", "approved", "in_approval", "draft")
NAMES = {
    "en": ("Service for a year", "Printers for the new line", "Spare parts frame contract", "Scanner rental"),
    "zh-hans": ("年度维保服务合同", "新产线打印设备采购合同", "备件框架合同", "扫描设备租赁合同"),
}
PARTS = {"en": ("Deposit", "On delivery", "Rest"), "zh-hans": ("预付款", "到货款", "尾款")}
REASONS = {
    "en": ("The customer dropped the project.", "One device less was delivered."),
    "zh-hans": ("客户取消了项目。", "少交付一台设备。"),
}
TERMS = {
    "en": "Payment by the plan. Disputes are settled at our seat.",
    "zh-hans": "按回款计划付款。争议由卖方所在地法院管辖。",
}
_METHODS = (PaymentMethod.TRANSFER, PaymentMethod.TRANSFER, PaymentMethod.ACCEPTANCE, PaymentMethod.ALIPAY)


def make_contracts(context: DemoContext) -> None:
    """Every case, told in the order in which it happened."""
    maker = _Maker(context)
    if len(maker.sources) < len(CASES) + len(UNSIGNED):
        return
    _ask_for_order_numbers()
    for place, state in enumerate(UNSIGNED):
        maker.unsigned(state, place)
    for place, case in enumerate(CASES):
        maker.signed(case, place)
    for moment, run in sorted(maker.steps, key=lambda step: step[0]):
        with clock.at(moment):
            run()
    with clock.at(context.now):
        contract_states.end_contracts(actor=Actor.system("expiry"))
        contract_states.tell_of_endings(actor=Actor.system())
        reminders.find_overdue(actor=Actor.system())


class _Maker:
    """Collects what happens, each with its moment."""

    def __init__(self, context: DemoContext):
        self.now, self.rng = context.now, context.rng("contracts")
        self.steps: Steps = []
        accepted = Quote.objects.filter(state=QuoteState.ACCEPTED).select_related("customer", "owner")
        deals = Opportunity.objects.won().filter(owner__isnull=False).select_related("customer", "owner")
        customers = Customer.objects.filter(owner__isnull=False).select_related("owner", "brand")
        self.sources: list[Any] = [
            *accepted.order_by("pk"), *deals.order_by("created_at", "pk")[:8], *customers.order_by("pk")[:8],
        ]  # fmt: skip

    def source_at(self, moment: dt.datetime) -> Any:
        """What a contract of that moment comes from: an accepted quote, else a deal, else a customer, of before."""
        for row in self.sources:
            if _known_since(row) < moment:
                self.sources.remove(row)
                return row
        return self.sources.pop()

    def signed(self, case: Case, place: int) -> None:
        start = self.now - dt.timedelta(days=case.signed, hours=self.rng.randint(1, 6))
        source = self.source_at(start)
        box: list[Contract] = []
        actor = staff_of(source.owner)

        def begin() -> None:
            row = self.make(source, actor, place)
            day = start.date()
            facts: dict[str, Any] = {"starts": day, "ends": day + dt.timedelta(days=case.lasts) if case.lasts else None}
            facts |= {ORDER_NUMBER: f"PO-{day:%y%m}-{101 + place}"} if place % 4 else {}
            row = contracts.save_contract(actor=actor, contract=row, values=facts)
            plans.set_plan(actor=actor, contract=row, instalments=_plan(row, case, day))
            row = _ready(actor, row)
            name = row.contact.name if row.contact else row.customer.name
            box.append(contract_states.sign_contract(actor=actor, contract=row, signed_on=day, signed_by_name=name))

        self.steps.append((start, begin))
        for number, (days, percent) in enumerate(case.paid):
            moment = start + dt.timedelta(days=days, hours=1)
            self.steps.append((moment, partial(self.pay, box, actor, percent, number + place)))
        if case.then:
            moment = start + dt.timedelta(days=case.paid[-1][0] + 9)
            self.steps.append((moment, partial(self.close, box, actor, case.then)))

    def unsigned(self, state: str, place: int) -> None:
        moment = self.now - dt.timedelta(days=4 - place, hours=2)
        source = self.source_at(moment)
        actor = staff_of(source.owner)

        def begin() -> None:
            row = self.make(source, actor, place + 1)
            if state == "in_approval":
                facts = {"amount": money.rounded(Decimal(260_000), row.currency)}
                row = contracts.save_contract(actor=actor, contract=row, values=facts, lines=[])
            if state != "draft":
                contracts.submit_contract(actor=actor, contract=row)

        self.steps.append((moment, begin))

    def make(self, source: Any, actor: Actor, place: int) -> Contract:
        """A draft of what the source is."""
        if isinstance(source, Quote):
            goods = any(line.product and line.product.kind != "service" for line in source.lines.all())
            if goods and place % 2 == 0:
                order_of_quote(actor=actor, quote=source)
            return contract_of_quote(actor=actor, quote=source)
        customer = source if isinstance(source, Customer) else source.customer
        words = _words(customer.language)
        values = {
            "name": NAMES[words][place % 4], "terms": TERMS[words],
            "contact": customer.contacts.order_by("-is_primary", "pk").first(),
            "amount": Decimal(self.rng.randint(12, 180)) * 1000,
        }  # fmt: skip
        if isinstance(source, Opportunity):
            values |= {"opportunity": source, "name": source.name}
        return contracts.create_contract(actor=actor, customer=customer, values=values)

    def pay(self, box: list[Contract], actor: Actor, percent: int, number: int) -> None:
        row = box[0]
        amount = money.rounded(row.amount * percent / 100, row.currency)
        reference = f"{clock.now():%Y%m%d}{number:04}"
        values = {"amount": amount, "method": _METHODS[number % 4], "reference": reference}
        payments.record_payment(actor=actor, contract=row, values=values)

    def close(self, box: list[Contract], actor: Actor, how: str) -> None:
        row = box[0]
        cancelled, refunded = REASONS[_words(row.language)]
        if how == "completed":
            contract_states.complete_contract(actor=actor, contract=row)
        elif how == "cancelled":
            contract_states.cancel_contract(actor=actor, contract=row, reason=cancelled)
        else:
            paid = row.payments.received()[0]
            amount = money.rounded(paid.amount / 10, row.currency)
            payments.refund_payment(actor=actor, payment=paid, amount=amount, reason=refunded)


def _ask_for_order_numbers() -> None:
    """A field of contracts, which most of them answer and the list shows."""
    CustomField.objects.create(
        kind=kinds["contract"].code, key=ORDER_NUMBER.removeprefix(PREFIX), type="text", is_listed=True,
        name={"en": "Customer's purchase order", "zh-hans": "客户采购单号"},
    )  # fmt: skip
    catalogue.changed()


def _ready(actor: Actor, row: Contract) -> Contract:
    """Submitted; a large one is approved as far as the demo is concerned."""
    row = contracts.submit_contract(actor=actor, contract=row)
    if row.state == "in_approval":
        asked = Approval.objects.on(row).get(state="pending")
        approver = asked.steps.get().approvers.select_related("user").order_by("pk")[0].user
        approve(actor=staff_of(approver), approval=asked)
        row.refresh_from_db()
    return row


def _plan(row: Contract, case: Case, day: dt.date) -> list[plans.NewInstalment]:
    words = PARTS[_words(row.language)]
    sums = by_percent(row.amount, row.currency, [Decimal(percent) for _days, percent in case.parts])
    named = len(case.parts) <= len(words)
    return [
        plans.NewInstalment(day + dt.timedelta(days=days), amount, words[place] if named else "")
        for place, ((days, _percent), amount) in enumerate(zip(case.parts, sums, strict=True))
    ]


def _known_since(row: Any) -> dt.datetime:
    found: dt.datetime = row.decided_at if isinstance(row, Quote) else row.created_at
    return found


def _words(language: str) -> str:
    return "zh-hans" if language.startswith("zh") else "en"
