"""Tasks that follow an overdue instalment, and go when it is paid."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _t

from crm.core.actor import Actor
from crm.planner.actions import add_task, settle_tasks
from crm.planner.models import Task

from ..models import Contract, Instalment

_KEY = "overdue"


def add_overdue_task(actor: Actor, row: Instalment, level: int) -> None:
    """A call for the owner of the contract: one an instalment and level."""
    contract = row.contract
    if contract.owner is None or not contract.owner.is_active:
        return
    title = _t("Ask %(customer)s for %(amount)s, due since %(day)s (%(number)s)") % {
        "customer": contract.customer.name, "amount": row.open_text, "number": contract.label,
        "day": date_format(row.due_on, "SHORT_DATE_FORMAT"),
    }  # fmt: skip
    add_task(
        actor=actor, subject=contract, title=title[:200], assignee=contract.owner, kind="call",
        source_key=f"{_KEY}:{row.pk}:{level}",
    )  # fmt: skip


def finish_tasks(contract: Contract) -> None:
    """Ticks off the calls for instalments that are paid in full now."""
    calls = Task.objects.on(contract).open().filter(source_key__startswith=f"{_KEY}:")
    paid = {row.pk for row in contract.instalments.all() if row.paid == row.amount}
    done = [task.pk for task in calls if int(task.source_key.split(":")[1]) in paid]
    settle_tasks(actor=Actor.system(), subject=contract, result=_t("Paid"), only=done)
