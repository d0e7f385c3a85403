"""Money of contracts: received, put on instalments, given back. Nothing of it is ever edited.

Locks are taken in one order: contracts by id, then payments by id, then instalments by id. A contract's lock comes
before any change of its plan or ledger, so that two payments never fall on the same open amount.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.files.actions import attach_file
from crm.jobs import idempotency

from ..choices.payments import PaymentKind, PaymentMethod
from ..exceptions.payments import NothingLeft, NothingOwed, OtherCurrency, TooMuch
from ..models import Allocation, Contract, Instalment, Payment
from ..paying.splitting import spread
from .contracts import locked
from .numbering import take_number
from .payment_tasks import finish_tasks

SERIES = "R"
FACTS = ("received_on", "amount", "currency", "method", "reference", "note")
_TOP = Decimal(10) ** 14


@action(permission="payments.record")
def record_payment(
    *,
    actor: Actor,
    contract: Contract,
    values: Mapping[str, Any],
    allocations: Mapping[int, Decimal] | None = None,
    file: File | None = None,
    form_key: str = "",
) -> Payment:
    """Stores money that came in, and puts it on the open instalments, the one due first, first.

    values: `FACTS`; amount is above zero, in the contract's currency. allocations: instalment id → part, where a
    person decides. What pays no instalment is kept as credit. The same form_key gives the first row again.
    Raises `NothingOwed`, `OtherCurrency`, `TooMuch`, `Invalid` with `fields`, `NotFound`.
    """
    row = locked(actor, contract)
    if not row.is_owing:
        raise NothingOwed
    facts = _checked(row, values)
    who, route = f"{actor.kind}:{actor.id}", "payments.record"
    sent = {"contract": row.pk, **{name: str(value) for name, value in facts.items()}}
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Payment.objects.get(pk=earlier.answer["payment"])
    year, number = take_number(row.brand, SERIES)
    payment = Payment.objects.create(
        contract=row, brand=row.brand, year=year, number=number, credit=facts["amount"],
        recorded_by_id=actor.user_id, **facts,
    )  # fmt: skip
    _put(payment, _open_parts(row), allocations)
    if file is not None:
        attach_file(actor=actor, kind="payment", object_id=payment.pk, name=str(file.name), file=file)
    tell(actor, "payments.received", payment)
    finish_tasks(row)
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"payment": payment.pk})
    return payment


@action(permission="payments.record")
def use_credit(
    *, actor: Actor, payment: Payment, contract: Contract, allocations: Mapping[int, Decimal] | None = None
) -> Payment:
    """Puts what of a payment pays nothing yet on open instalments, also of another contract of the customer.

    Raises `NothingOwed`, `OtherCurrency`, `TooMuch`, `NotFound` for a contract of another customer.
    """
    contracts = _locked_contracts(actor, [payment.contract_id, contract.pk])
    row = _locked_payment(actor, payment)
    target = contracts[contract.pk]
    if target.customer_id != contracts[row.contract_id].customer_id:
        raise NotFound
    if not target.is_owing:
        raise NothingOwed
    if target.currency != row.currency:
        raise _other_currency(target)
    if not row.credit:
        raise TooMuch(_("Nothing of this payment is left to use."))
    before = row.credit
    _put(row, _open_parts(target), allocations)
    if row.credit == before:
        raise NothingOwed(_("Nothing is open on this contract."))
    tell(actor, "payments.credit_used", row, {"used": money.shown(before - row.credit, row.currency)}, target)
    finish_tasks(target)
    return row


@action(permission="payments.reverse")
def refund_payment(
    *,
    actor: Actor,
    payment: Payment,
    amount: Decimal,
    reason: str,
    refunded_on: dt.date | None = None,
    form_key: str = "",
) -> Payment:
    """Gives money back: first what is credit, then what was put on instalments, the one due last first.

    Returns the compensating row; the same form_key gives the first one again. Raises `Invalid` with `fields`,
    `TooMuch`, `NothingLeft`, `NotFound`.
    """
    who, route = f"{actor.kind}:{actor.id}", "payments.refund"
    sent = {"payment": payment.pk, "amount": str(amount), "reason": reason, "day": str(refunded_on)}
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Payment.objects.get(pk=earlier.answer["payment"])
    back = _take_back(actor, payment, PaymentKind.REFUND, amount, reason, refunded_on)
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"payment": back.pk})
    return back


@action(permission="payments.reverse")
def reverse_payment(*, actor: Actor, payment: Payment, reason: str) -> Payment:
    """Undoes a payment that was recorded wrongly or bounced: all that is left of it. Returns the compensating row.

    Raises `Invalid` without a reason, `NothingLeft`, `NotFound`.
    """
    return _take_back(actor, payment, PaymentKind.REVERSAL, None, reason, None)


def _take_back(
    actor: Actor, payment: Payment, kind: PaymentKind, amount: Decimal | None, reason: str, day: dt.date | None
) -> Payment:
    """One compensating row. amount: None for all that is left."""
    why = clean_line(reason, 400)
    ids = [*payment.allocations.values_list("instalment__contract_id", flat=True), payment.contract_id]
    contracts = _locked_contracts(actor, ids)
    row = _locked_payment(actor, payment)
    if not row.is_received or not row.left:
        raise NothingLeft
    value = row.left if amount is None else money.rounded(amount, row.currency)
    wrong: dict[str, object] = {} if why else {"reason": _("Say why")}
    if value <= 0:
        wrong["amount"] = _("Enter an amount above zero")
    if wrong:
        raise Invalid(fields=wrong)
    if value > row.left:
        text = _("Only %(left)s of it is left.") % {"left": money.shown(row.left, row.currency)}
        raise TooMuch(fields={"amount": text})
    contract = contracts[row.contract_id]
    year, number = take_number(contract.brand, SERIES)
    back = Payment.objects.create(
        contract=contract, brand=contract.brand, year=year, number=number, kind=kind, amount=-value,
        currency=row.currency, method=row.method, note=why, corrects=row, recorded_by_id=actor.user_id,
        received_on=day or timezone.localdate(clock.now()),
    )  # fmt: skip
    from_credit = min(value, row.credit)
    _take_off(row, back, value - from_credit)
    row.credit, row.taken_back = row.credit - from_credit, row.taken_back + value
    row.save(update_fields=["credit", "taken_back"])
    tell(actor, f"payments.{'refunded' if kind == PaymentKind.REFUND else 'reversed'}", back, {"text": why})
    return back


def _take_off(payment: Payment, back: Payment, amount: Decimal) -> None:
    """Takes an amount off the instalments that a payment pays, the one due last first."""
    if not amount:
        return
    parts = list(
        payment.allocations.order_by().values("instalment_id").annotate(total=Sum("amount")).filter(total__gt=0)
    )
    on = {part["instalment_id"]: part["total"] for part in parts}
    rows = list(Instalment.objects.filter(pk__in=on).lock())
    rows.sort(key=lambda row: (row.due_on, row.pk), reverse=True)
    for row, part in zip(rows, spread(amount, [on[row.pk] for row in rows]), strict=True):
        if part:
            Allocation.objects.create(payment=payment, instalment=row, amount=-part, by=back)
            row.paid, row.paid_on = row.paid - part, None
            row.save(update_fields=["paid", "paid_on"])


def _open_parts(contract: Contract) -> list[Instalment]:
    """The instalments of a locked contract that are not paid in full, locked, the one due first first."""
    rows = list(contract.instalments.filter(paid__lt=F("amount")).lock())
    return sorted(rows, key=lambda row: (row.due_on, row.pk))


def _put(payment: Payment, open_rows: Sequence[Instalment], by_hand: Mapping[int, Decimal] | None) -> None:
    """Puts the payment's credit on locked instalments: oldest first, or as a person says. Raises `TooMuch`."""
    wanted = {pk: part for pk, part in (by_hand or {}).items() if part}
    if wanted:
        known = {row.pk: row.open_amount for row in open_rows}
        if any(part < 0 or part > known.get(pk, Decimal(0)) for pk, part in wanted.items()):
            raise TooMuch(_("More is put on an instalment than is open there."))
        if sum(wanted.values()) > payment.credit:
            raise TooMuch(_("More is put on instalments than was paid."))
        parts = [wanted.get(row.pk, Decimal(0)) for row in open_rows]
    else:
        parts = spread(payment.credit, [row.open_amount for row in open_rows])
    for row, part in zip(open_rows, parts, strict=True):
        if part:
            Allocation.objects.create(payment=payment, instalment=row, amount=part, by=payment)
            row.paid += part
            row.paid_on = payment.received_on if row.paid == row.amount else None
            row.save(update_fields=["paid", "paid_on"])
            payment.credit -= part
    payment.save(update_fields=["credit"])


def _checked(contract: Contract, values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a payment, cleaned. Raises `Invalid` with `fields`, `OtherCurrency`."""
    facts = {"currency": contract.currency, "method": PaymentMethod.TRANSFER, **values}
    wrong: dict[str, object] = {name: _("This field cannot be set") for name in set(facts) - set(FACTS)}
    if facts["currency"] != contract.currency:
        raise _other_currency(contract)
    amount = facts.get("amount")
    if amount is None or not 0 < amount < _TOP or amount != money.rounded(amount, contract.currency):
        wrong["amount"] = _("Enter an amount above zero, to the cent")
    today = timezone.localdate(clock.now())
    facts.setdefault("received_on", today)
    if facts["received_on"] > today:
        wrong["received_on"] = _("Enter a day that is not in the future")
    if facts["method"] not in PaymentMethod.values:
        wrong["method"] = _("Choose one of the values")
    if wrong:
        raise Invalid(fields=wrong)
    facts["reference"] = clean_line(str(facts.get("reference", "")), 120)
    facts["note"] = clean_line(str(facts.get("note", "")), 400)
    return facts


def _other_currency(contract: Contract) -> OtherCurrency:
    text = _("The contract %(number)s is in %(currency)s. Enter the payment in that currency.")
    return OtherCurrency(fields={"currency": text % {"number": contract.label, "currency": contract.currency}})


def _locked_contracts(actor: Actor, ids: Sequence[int]) -> dict[int, Contract]:
    """The contracts by id, locked in order; the actor has to see each. Raises `NotFound`."""
    wanted = set(ids)
    rows = Contract.objects.visible_to(actor).filter(pk__in=wanted).select_related("customer", "brand", "owner")
    found = {row.pk: row for row in rows.lock()}
    if set(found) != wanted:
        raise NotFound
    return found


def _locked_payment(actor: Actor, payment: Payment) -> Payment:
    row: Payment | None = Payment.objects.visible_to(actor).lock().filter(pk=payment.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(
    actor: Actor, type: str, payment: Payment, data: Mapping[str, Any] | None = None, on: Contract | None = None
) -> None:
    """Writes the deed on the payment, its contract and customer."""
    contract = on or payment.contract
    facts = {
        "number": payment.label, "contract": contract.label, "name": contract.name, "owner_id": contract.owner_id,
        "amount": money.shown(abs(payment.amount), payment.currency),
    }  # fmt: skip
    anchors = [contract, contract.customer]
    record(actor=actor, type=type, subject=payment, anchors=anchors, data={**facts, **(data or {})})
