"""What the demo's agents have promised to do on their tickets and for their customers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from crm.activity.recording import kind_of
from crm.core import names
from crm.core.demo import DemoContext
from crm.planner.choices import TaskKind
from crm.planner.models import Task
from customers.models import Customer

from ..models import Ticket

#: What, kind, days from today, hour (None: any time of the day), by language.
_ON_TICKETS = {
    "en": [
        ("Call back with the result of the test", TaskKind.CALL, 0, 16),
        ("Ask the vendor for a delivery date", TaskKind.MAIL, 1, None),
        ("Compare the log of the last two nights", TaskKind.TODO, -1, None),
        ("Write down the steps for the article", TaskKind.TODO, 5, None),
    ],
    "zh-hans": [
        ("把测试结果回电告知客户", TaskKind.CALL, 0, 17),
        ("向供应商确认到货日期", TaskKind.MAIL, 1, None),
        ("核对最近两晚的日志", TaskKind.TODO, -2, None),
        ("预约上门检修时间", TaskKind.VISIT, 2, 10),
    ],
}
_ON_CUSTOMERS = [
    ("Prepare the quarterly review", TaskKind.MEETING, 3, 14),
    ("回访使用情况", TaskKind.CALL, 1, 11),
    ("Send the new price list", TaskKind.MAIL, -3, None),
]
_OF_TICKETS = 60


def make_tasks(context: DemoContext) -> None:
    """Tasks on the newest open tickets, held by their agents, and some for customers, held by their owners."""
    rng, rows = context.rng("tickets.tasks"), []
    tickets = Ticket.objects.unresolved().filter(assignee__isnull=False).select_related("assignee")
    for number, ticket in enumerate(tickets.order_by("-last_message_at")[:_OF_TICKETS]):
        choices = _ON_TICKETS[ticket.language if ticket.language in _ON_TICKETS else "en"]
        rows.append(_task(context, ticket, ticket.assignee, *choices[number % len(choices)]))
        if rng.random() < 0.3:
            rows[-1].done_at, rows[-1].done_by = context.now - dt.timedelta(hours=rng.randint(1, 30)), ticket.assignee
            rows[-1].remind_at = None
    owned = Customer.objects.filter(owner__isnull=False).select_related("owner").order_by("-pk")
    for number, customer in enumerate(owned[: len(_ON_CUSTOMERS) * 4]):
        rows.append(_task(context, customer, customer.owner, *_ON_CUSTOMERS[number % len(_ON_CUSTOMERS)]))
    Task.objects.bulk_create(rows)


def _task(
    context: DemoContext, record: Ticket | Customer, holder: object, title: str, what: TaskKind, days: int,
    hour: int | None,
) -> Task:  # fmt: skip
    zone = ZoneInfo(holder.timezone)  # type: ignore[attr-defined]
    day = context.now.astimezone(zone).date() + dt.timedelta(days=days)
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    at = dt.datetime.combine(day, dt.time(hour), tzinfo=zone) if hour is not None else midnight
    return Task(
        kind=kind_of(record).code, object_id=record.pk, title=title, search_key=names.search_key(title), what=what,
        assignee=holder, created_by=holder, due_at=at, due_on=day if hour is None else None,
        created_at=context.now - dt.timedelta(days=2), remind_at=at if at > context.now and hour is not None else None,
    )  # fmt: skip
