"""Making, changing, submitting and handing over contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.approvals.actions import covers, request_approval, void_approval
from crm.approvals.models import Approval
from crm.core import money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers, told
from crm.jobs import idempotency
from customers.actions.orders import NewLine
from customers.models import Customer

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractInApproval, ContractIsFixed
from ..exceptions.quotes import ChangedMeanwhile
from ..models import Contract, ContractLine, Opportunity
from ..paying.splitting import months_later
from .lines import check_lines
from .quotes import amounts_of, line_of

FACTS = (
    "name", "contact", "opportunity", "language", "currency", "tax_included", "amount", "starts", "ends",
    "notice_days", "terms",
)  # fmt: skip
_TOP = Decimal(10) ** 14


@action(permission="contracts.create")
def create_contract(
    *,
    actor: Actor,
    customer: Customer,
    values: Mapping[str, Any] | None = None,
    lines: Sequence[NewLine] = (),
    form_key: str = "",
) -> Contract:
    """A draft for a customer, owned by its author. values: any of `FACTS` and answers to custom fields.

    From an opportunity its lines are taken. The same form_key gives the first row again. Raises `Invalid` with
    `fields`, `NotFound` for a customer outside the actor's set, `Conflict` for a form_key with other content.
    """
    owner = Customer.objects.visible_to(actor).filter(pk=customer.pk).select_related("brand").first()
    if owner is None:
        raise NotFound
    who, route = f"{actor.kind}:{actor.id}", "contracts.create"
    sent = {"customer": owner.pk, "values": str(dict(values or {})), "lines": str(list(lines))}
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Contract.objects.get(pk=earlier.answer["contract"])
    facts = dict(values or {})
    row = Contract(customer=owner, brand=owner.brand, currency=owner.brand.currency, name=owner.name)
    row.language = owner.language or owner.brand.language
    row.owner = User.objects.filter(pk=actor.effective.user_id or 0).first()
    row.department_id = row.owner.department_id if row.owner else owner.department_id
    deal: Opportunity | None = facts.get("opportunity")
    if deal is not None and not lines:
        lines = [line_of(line) for line in deal.lines.select_related("product")]
        taken = {"name": deal.name, "currency": deal.currency, "tax_included": deal.tax_included, "amount": deal.amount}
        facts = {**taken, **{name: value for name, value in facts.items() if value not in (None, "")}}
    fill(row, facts)
    row.save()
    store_lines(row, lines)
    tell(actor, "contracts.created", row)
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"contract": row.pk})
    return row


@action(permission="contracts.update")
def save_contract(
    *,
    actor: Actor,
    contract: Contract,
    values: Mapping[str, Any],
    lines: Sequence[NewLine] | None = None,
    seen: dt.datetime | None = None,
) -> Contract:
    """Changes a draft, or one that is ready to sign, which is a draft again then unless its approval still covers it.

    seen: `updated_at` as its editor saw it. Raises `ChangedMeanwhile`, `ContractInApproval`, `ContractIsFixed`,
    `Invalid`, `NotFound`.
    """
    row = locked(actor, contract)
    if row.state == ContractState.IN_APPROVAL:
        raise ContractInApproval
    if not row.is_editable:
        raise ContractIsFixed
    if seen is not None and seen != row.updated_at:
        raise ChangedMeanwhile
    answered = fill(row, values)
    row.save()
    if lines is not None:
        store_lines(row, lines)
    void_approval(actor=actor, subject=row)
    if row.state == ContractState.APPROVED and not _is_approved(row):
        row.state = ContractState.DRAFT
        row.save(update_fields=["state"])
    tell(actor, "contracts.updated", row, {"changes": answered} if answered else None)
    return row


@action(permission="contracts.update")
def submit_contract(*, actor: Actor, contract: Contract, reason: str = "") -> Contract:
    """Asks for approval where a flow says so; otherwise the contract may be signed at once.

    Raises `ContractIsFixed`, `approvals.NoApprover`, `NotFound`.
    """
    row = locked(actor, contract)
    if row.state != ContractState.DRAFT:
        raise ContractIsFixed
    asked = None if _is_approved(row) else request_approval(actor=actor, subject=row, reason=reason)
    row.state = ContractState.IN_APPROVAL if asked else ContractState.APPROVED
    row.save(update_fields=["state"])
    tell(actor, "contracts.submitted" if asked else "contracts.ready", row)
    return row


@action(permission="contracts.create")
def renew_contract(*, actor: Actor, contract: Contract) -> Contract:
    """A draft with the same lines that goes on where a signed contract ends, for as long again.

    Asking again gives the draft that exists. Raises `ContractIsFixed` for one that was never signed, or is cancelled.
    """
    row = locked(actor, contract)
    if not row.is_owing:
        raise ContractIsFixed(_("Only a signed contract is renewed."))
    known: Contract | None = row.renewals.filter(deleted_at__isnull=True).exclude(state="cancelled").first()
    if known is not None:
        return known
    facts = {name: getattr(row, name) for name in FACTS if name not in ("opportunity", "starts", "ends")}
    draft = Contract(
        customer=row.customer, brand=row.brand, owner=row.owner, department=row.department, renews=row,
        custom=row.custom, **facts, **_next_term(row),
    )  # fmt: skip
    draft.save()
    store_lines(draft, [line_of(line) for line in row.lines.select_related("product")])
    tell(actor, "contracts.renewed", draft, {"former": row.label})
    return draft


@action(permission="contracts.update", leaves_scope=True)
def hand_over(*, actor: Actor, contract: Contract, to: User) -> Contract:
    """Another colleague owns the contract. Raises `Invalid` for somebody who left, `NotFound`."""
    row = locked(actor, contract)
    if not to.is_active:
        raise Invalid(_("Choose a colleague who still works here"))
    row.owner, row.department_id = to, to.department_id
    row.save(update_fields=["owner", "department"])
    tell(actor, "contracts.handed_over", row, {"to": to.name})
    return row


def locked(actor: Actor, contract: Contract) -> Contract:
    """The contract, fresh and locked, out of the actor's set. Raises `NotFound`."""
    rows = Contract.objects.visible_to(actor).lock().select_related("customer", "contact", "brand", "owner")
    row: Contract | None = rows.filter(pk=contract.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(actor: Actor, type: str, contract: Contract, data: Mapping[str, Any] | None = None) -> None:
    """Writes the deed on the contract, its customer, contact, opportunity and quote."""
    facts = {
        "number": contract.label, "name": contract.name, "amount": contract.amount_text, "owner_id": contract.owner_id,
    }  # fmt: skip
    anchors = [contract.customer, contract.contact, contract.opportunity, contract.quote]
    record(actor=actor, type=type, subject=contract, anchors=anchors, data={**facts, **(data or {})})


def fill(row: Contract, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Sets checked values and answers; returns [before, after] of each answer. Raises `Invalid` with `fields`."""
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if set(facts) - set(FACTS):
        raise Invalid(fields={name: _("This field cannot be set") for name in set(facts) - set(FACTS)})
    for name, value in facts.items():
        setattr(row, name, value)
    row.name, row.terms = clean_line(row.name, 200), clean_text(row.terms, 20_000)
    wrong: dict[str, object] = {}
    if not row.name:
        wrong["name"] = _("Say what the contract is about")
    if row.currency not in money.SIGNS:
        wrong["currency"] = _("Choose a currency")
    if row.amount is None or not 0 <= row.amount < _TOP:
        wrong["amount"] = _("Enter an amount of zero or more")
    if row.starts and row.ends and row.ends < row.starts:
        wrong["ends"] = _("The last day comes before the first")
    if row.contact is not None and row.contact.customer_id != row.customer_id:
        wrong["contact"] = _("Choose a contact of this customer")
    if row.opportunity is not None and row.opportunity.customer_id != row.customer_id:
        wrong["opportunity"] = _("Choose an opportunity of this customer")
    if wrong:
        raise Invalid(fields=wrong)
    return told(store_answers(row, custom_values(values)))


def store_lines(row: Contract, lines: Sequence[NewLine]) -> None:
    """Replaces the lines of a locked contract; with lines the amount is their sum, without any it stays.

    Raises `Invalid` naming the line.
    """
    check_lines(lines)
    amounts = amounts_of(lines, currency=row.currency, tax_included=row.tax_included)
    row.lines.all().delete()
    ContractLine.objects.bulk_create(
        ContractLine(
            contract=row, position=place, product=line.product, quantity=line.quantity, unit_price=line.unit_price,
            name=clean_line(line.name, 160) or (line.product.name.in_language(row.language) if line.product else ""),
            discount_percent=line.discount_percent, tax_percent=line.tax_percent,
            net=amount.net, tax=amount.tax, gross=amount.gross,
        )
        for place, (line, amount) in enumerate(zip(lines, amounts, strict=True))
    )  # fmt: skip
    total = money.total_of(amounts)
    if lines:
        row.net, row.tax, row.amount = total.net, total.tax, total.gross
    else:
        row.amount = money.rounded(Decimal(row.amount), row.currency)
        row.net, row.tax = row.amount, Decimal(0)
    row.save(update_fields=["net", "tax", "amount"])


def _is_approved(row: Contract) -> bool:
    """Whether somebody approved it just so."""
    return any(covers(given, row) for given in Approval.objects.on(row).filter(state="approved"))


def _next_term(row: Contract) -> dict[str, dt.date | None]:
    """The span after that of a contract: whole months as long, else days as long; nothing where it has no end."""
    if row.ends is None:
        return {"starts": None, "ends": None}
    starts = row.ends + dt.timedelta(days=1)
    if row.starts is None:
        return {"starts": starts, "ends": None}
    months = (starts.year - row.starts.year) * 12 + starts.month - row.starts.month
    if starts.day == row.starts.day and months > 0:
        return {"starts": starts, "ends": months_later(starts, months) - dt.timedelta(days=1)}
    return {"starts": starts, "ends": starts + (row.ends - row.starts)}
