"""Payment plans: the instalments that make up a contract's amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractInApproval, ContractIsFixed
from ..exceptions.payments import PaidStays, PlanDoesNotAddUp
from ..models import Contract, Instalment, Reminder
from .contracts import locked, tell
from .payment_settings import settings_of

MAX_INSTALMENTS = 120
_PLANNABLE = (ContractState.DRAFT, ContractState.APPROVED, ContractState.ACTIVE, ContractState.EXPIRED)


@dataclass(frozen=True, slots=True)
class NewInstalment:
    """A part of the amount as it is planned. id: of the stored row that it changes, None for a new one."""

    due_on: dt.date
    amount: Decimal
    name: str = ""
    id: int | None = None


@action(permission="contracts.update")
def set_plan(*, actor: Actor, contract: Contract, instalments: Sequence[NewInstalment]) -> Contract:
    """Replaces the plan, whose amounts have to be the contract's in all. Rows that were paid on stay.

    An empty plan is none: at the signature the whole amount is one instalment. Raises `PlanDoesNotAddUp`,
    `PaidStays`, `ContractIsFixed`, `ContractInApproval`, `Invalid`, `NotFound`.
    """
    row = locked(actor, contract)
    if row.state == ContractState.IN_APPROVAL:
        raise ContractInApproval
    if row.state not in _PLANNABLE:
        raise ContractIsFixed(_("The plan of a completed or cancelled contract stays as it is."))
    check_plan(row, instalments)
    _store(row, instalments)
    tell(actor, "contracts.planned", row, {"count": len(instalments)})
    return row


def check_plan(contract: Contract, instalments: Sequence[NewInstalment]) -> None:
    """Raises `Invalid` or `PlanDoesNotAddUp` for a plan that cannot be."""
    if len(instalments) > MAX_INSTALMENTS:
        raise Invalid(_("Enter at most %(count)s instalments") % {"count": MAX_INSTALMENTS})
    for place, part in enumerate(instalments, start=1):
        if part.amount <= 0 or part.amount != money.rounded(part.amount, contract.currency):
            raise Invalid(_("Instalment %(place)s: enter an amount above zero, to the cent") % {"place": place})
    total = sum((part.amount for part in instalments), Decimal(0))
    if total != contract.amount and (instalments or contract.is_signed):
        text = _("The instalments add up to %(total)s, the contract to %(amount)s.")
        values = {"total": money.shown(total, contract.currency), "amount": contract.amount_text}
        raise PlanDoesNotAddUp(text % values)


def plan_for_signature(contract: Contract, signed_on: dt.date) -> None:
    """Checks the plan of a locked contract, and makes one instalment of it where nobody planned.

    Raises `PlanDoesNotAddUp`.
    """
    rows = list(contract.instalments.all())
    if rows:
        check_plan(contract, [NewInstalment(row.due_on, row.amount, row.name, row.pk) for row in rows])
    elif contract.amount > 0:
        due_on = signed_on + dt.timedelta(days=settings_of(contract.brand).usual_days)
        Instalment.objects.create(contract=contract, position=1, due_on=due_on, amount=contract.amount)


def _store(contract: Contract, instalments: Sequence[NewInstalment]) -> None:
    """Writes the plan of a locked contract: by day, numbered from one. Raises `PaidStays`, `Invalid`."""
    stored = {row.pk: row for row in contract.instalments.all().lock()}
    kept = {part.id for part in instalments if part.id is not None}
    if kept - set(stored):
        raise Invalid(_("The plan was changed meanwhile. Reload the page."))
    for row in stored.values():
        if row.pk not in kept:
            if row.paid or row.allocations.exists():
                raise PaidStays
            row.delete()
    ordered = sorted(enumerate(instalments), key=lambda pair: (pair[1].due_on, pair[0]))
    for place, (_place, part) in enumerate(ordered, start=1):
        row = stored[part.id] if part.id is not None else Instalment(contract=contract)
        if part.amount < row.paid:
            raise PaidStays
        if row.pk is not None and part.due_on != row.due_on:
            row.told_level = 0
            Reminder.objects.filter(instalment=row, sent_at__isnull=True).delete()
        row.position, row.due_on, row.amount, row.name = place, part.due_on, part.amount, clean_line(part.name, 80)
        row.paid_on = (row.paid_on or timezone.localdate(clock.now())) if row.paid == row.amount else None
        row.save()
