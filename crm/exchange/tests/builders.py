"""Files and imports for tests."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.exchange import actions
from crm.exchange.declarations import importers
from crm.exchange.models import Import
from crm.jobs import runners
from crm.testing.suites import staff

#: What somebody who imports everything holds.
ALL = (
    "exchange.use", "exchange.review", "customers.view", "customers.create", "customers.update", "customers.delete",
    "customers.import", "customers.reveal", "orders.view", "orders.manage", "orders.catalogue",
)  # fmt: skip


def importer_user(**fields: Any) -> User:
    return staff(*ALL, **fields)


def csv_of(*lines: list[Any], encoding: str = "utf-8", delimiter: str = ",") -> io.BytesIO:
    text = "\r\n".join(delimiter.join(str(cell) for cell in line) for line in lines) + "\r\n"
    return io.BytesIO(text.encode(encoding))


def xlsx_of(*lines: list[Any]) -> io.BytesIO:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()
    target.seek(0)
    return target


def received(user: User, kind: str, file: io.BytesIO, name: str = "file.csv") -> Import:
    return actions.receive_file(actor=actor_for(user), importer=importers[kind], file=file, name=name)


def checked(
    user: User, kind: str, file: io.BytesIO, *, existing: str = "skip", date_order: str = "day", **mapping: str
) -> Import:
    """A file whose dry run is over, columns as guessed."""
    record = received(user, kind, file)
    actor = actor_for(user)
    actions.choose_columns(
        actor=actor, record=record, mapping=record.mapping | mapping, existing=existing, date_order=date_order
    )
    record = actions.start_check(actor=actor, record=record)
    runners.run(record.job_id)
    record.refresh_from_db()
    assert record.state == "checked", record.job.error
    return record


def imported(user: User, kind: str, file: io.BytesIO, *, existing: str = "skip", **values: Any) -> Import:
    record = checked(user, kind, file, existing=existing, **values)
    record = actions.start_run(actor=actor_for(user), record=record)
    return finished(record)


def undone(user: User, record: Import) -> Import:
    return finished(actions.start_undo(actor=actor_for(user), record=record))


def finished(record: Import) -> Import:
    """Its job has run."""
    assert record.job is not None
    runners.run(record.job.pk)
    record = Import.objects.get(pk=record.pk)
    assert record.job is not None and record.job.state == "done", record.job and record.job.error
    return record


def reasons(record: Import) -> dict[int, list[str]]:
    """Row → reasons."""
    found: dict[int, list[str]] = {}
    for number, reason in record.findings.values_list("number", "reason"):
        found.setdefault(number, []).append(reason)
    return found
