"""Tasks that follow an overdue instalment, and go when it is paid."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _t

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.planner.actions import add_task, finish_task
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


def finish_tasks(actor: Actor, contract: Contract) -> None:
    """Ticks off the calls for instalments that are paid in full now."""
    mine = Task.objects.filter(kind=kind_of(Contract).code, object_id=contract.pk, source_key__startswith=f"{_KEY}:")
    tasks = list(mine.open())
    if not tasks:
        return
    paid = {row.pk for row in contract.instalments.all() if row.paid == row.amount}
    for task in tasks:
        if int(task.source_key.split(":")[1]) in paid:
            finish_task(actor=Actor.system(), task=task, result=_t("Paid"))
