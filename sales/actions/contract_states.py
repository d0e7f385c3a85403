"""Signing, completing, cancelling and ending contracts."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db.models import F, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_line
from crm.files.actions import attach_file
from crm.planner.actions import add_task, settle_tasks

from ..choices.contracts import ContractState
from ..exceptions.contracts import ContractInApproval, ContractIsFixed, ContractNotReady, StillOwed
from ..models import Contract, Reminder
from .contracts import locked, tell
from .numbering import take_number
from .plans import plan_for_signature

SERIES = "HT"
_CANCELLABLE = (ContractState.APPROVED, ContractState.ACTIVE, ContractState.EXPIRED)
_BATCH = 200


@action(permission="contracts.sign")
def sign_contract(
    *, actor: Actor, contract: Contract, signed_on: dt.date, signed_by_name: str, file: File | None = None
) -> Contract:
    """Both sides have signed: takes the number, and the plan is owed from now on. file: the signed paper.

    Without a plan the whole amount is one instalment. Raises `ContractNotReady`, `PlanDoesNotAddUp`, `Invalid` with
    `fields`, `NotFound`.
    """
    row = locked(actor, contract)
    if row.state != ContractState.APPROVED:
        raise ContractNotReady
    who = clean_line(signed_by_name, 120)
    wrong: dict[str, object] = {} if who else {"signed_by_name": _("Enter who signed for the customer")}
    if signed_on > timezone.localdate(clock.now()):
        wrong["signed_on"] = _("Enter a day that is not in the future")
    if wrong:
        raise Invalid(fields=wrong)
    plan_for_signature(row, signed_on)
    row.state, row.signed_on, row.signed_by_name = ContractState.ACTIVE, signed_on, who
    row.starts = row.starts or (signed_on if row.ends is None or row.ends >= signed_on else row.ends)
    row.year, row.number = take_number(row.brand, SERIES)
    row.save()
    if file is not None:
        attach_file(actor=actor, kind="contract", object_id=row.pk, name=str(file.name), file=file)
    tell(actor, "contracts.signed", row, {"who": who})
    return row


@action(permission="contracts.update")
def complete_contract(*, actor: Actor, contract: Contract) -> Contract:
    """Everything is delivered and paid. Raises `StillOwed`, `ContractNotReady`, `NotFound`."""
    row = locked(actor, contract)
    if row.state not in (ContractState.ACTIVE, ContractState.EXPIRED):
        raise ContractNotReady(_("Only an active or ended contract is completed."))
    if row.instalments.filter(paid__lt=F("amount")).exists():
        raise StillOwed
    row.state, row.ended_at = ContractState.COMPLETED, clock.now()
    row.save(update_fields=["state", "ended_at"])
    tell(actor, "contracts.completed", row)
    return row


@action(permission="contracts.cancel")
def cancel_contract(*, actor: Actor, contract: Contract, reason: str, to: User | None = None) -> Contract:
    """Takes a contract out of the world: nothing more is owed on it. Its number stays used, and what was received
    stays recorded until somebody gives it back. Reminders that nobody sent are gone; its open tasks are finished, or
    go to a colleague. Raises `Invalid`, `ContractIsFixed`, `ContractInApproval`.
    """
    text = clean_line(reason, 400)
    if not text:
        raise Invalid(fields={"reason": _("Say why it is cancelled")})
    row = locked(actor, contract)
    if row.state == ContractState.IN_APPROVAL:
        raise ContractInApproval
    if row.state not in _CANCELLABLE:
        raise ContractIsFixed(_("A draft is deleted, and a completed or cancelled contract stays as it is."))
    row.state, row.reason, row.ended_at = ContractState.CANCELLED, text, clock.now()
    row.save(update_fields=["state", "reason", "ended_at"])
    tell(actor, "contracts.cancelled", row, {"text": text})
    Reminder.objects.filter(instalment__contract=row, sent_at__isnull=True).delete()
    settle_tasks(actor=actor, subject=row, result=_t("The contract is cancelled: %(why)s") % {"why": text}, to=to)
    return row


@action()
def end_contracts(*, actor: Actor, limit: int = _BATCH) -> int:
    """Ends active contracts whose last day has passed: completed where all is paid. Returns how many."""
    today = timezone.localdate(clock.now())
    due = Contract.objects.active().filter(ends__lt=today).order_by("pk").select_related("customer")
    rows = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for row in rows:
        is_paid = not row.instalments.filter(paid__lt=F("amount")).exists()
        row.state = ContractState.COMPLETED if is_paid else ContractState.EXPIRED
        row.ended_at = clock.now()
        row.save(update_fields=["state", "ended_at"])
        tell(actor, "contracts.completed" if is_paid else "contracts.expired", row)
    return len(rows)


@action()
def tell_of_endings(*, actor: Actor, limit: int = _BATCH) -> int:
    """Tells owners of contracts that end within their notice: once a last day, with a task. Returns how many."""
    today = timezone.localdate(clock.now())
    due = Contract.objects.active().filter(ending_told_at__isnull=True, ends__gte=today, notice_days__gt=0)
    due = due.filter(ends__lte=Value(today) + F("notice_days") * dt.timedelta(days=1)).order_by("pk")
    rows = list(
        due.select_related("customer", "owner").select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]
    )
    for row in rows:
        row.ending_told_at = clock.now()
        row.save(update_fields=["ending_told_at"])
        days = row.days_left(today)
        tell(actor, "contracts.ending", row, {"days": days, "ends": str(row.ends)})
        if row.owner is not None and row.owner.is_active:
            title = _t("Renew %(number)s with %(customer)s? It ends on %(day)s") % {
                "number": row.label, "customer": row.customer.name, "day": date_format(row.ends, "SHORT_DATE_FORMAT"),
            }  # fmt: skip
            add_task(
                actor=actor, subject=row, title=title[:200], assignee=row.owner, due_on=today,
                source_key=f"contract_end:{row.ends}",
            )  # fmt: skip
    return len(rows)
