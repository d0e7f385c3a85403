"""Exports of a list: the same rows and columns, cells that no spreadsheet runs. Large ones are jobs with a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import IO, Any

import xlsxwriter
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import formula_safe
from crm.fields.tags import with_names
from crm.files.actions.attachments import keep_attachment
from crm.files.blobs import stored
from crm.files.choices import Visibility
from crm.jobs import runners
from crm.jobs.models import Job

from ..html import EMPTY
from ..lists import Column, ListPage, Viewer, lists
from .actions import record_export
from .engine import PROBE, Rows, chosen_columns, rows_of_query

DIRECT = PROBE
XLSX_MAX_ROWS = 100_000
CHUNK = 2000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SPACES = re.compile(r"\s+")


def columns_of(page: ListPage, actor: Actor, wanted: Sequence[str]) -> list[Column]:
    """The columns of the file: those on the page that have a heading and that the actor may see."""
    return [column for column in chosen_columns(page, actor, wanted) if str(column.label)]


def cell_text(column: Column, record: Any, viewer: Viewer) -> str:
    """A cell as plain text that starts no formula. Moments are ISO in the reader's zone, to the minute."""
    value = column.export(record, viewer) if column.export else column.value(record, viewer)
    if isinstance(value, dt.datetime):
        text = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    elif isinstance(value, bool):
        text = _("Yes") if value else _("No")
    elif value is None:
        text = ""
    elif hasattr(value, "__html__"):
        text = _SPACES.sub(" ", strip_tags(str(value).replace("><", "> <"))).strip()
        text = "" if text == EMPTY else unescape(text)
    else:
        text = str(value)
    return formula_safe(text)


def direct_file(rows: Rows, columns: Sequence[Column], format: str) -> bytes:
    """A small export at once, in memory."""
    viewer = Viewer(rows.actor)
    target = io.BytesIO()
    write_file(target, format, _head(columns), _lines(_prepared(rows), columns, viewer))
    return target.getvalue()


def write_file(target: IO[bytes], format: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """CSV with a byte order mark, so that spreadsheets read UTF-8; XLSX with string cells only."""
    if format == "csv":
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows(lines)
        text.detach()
        return
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, line in enumerate(itertools.chain([head], lines)):
        for place, text_value in enumerate(line):
            sheet.write_string(number, place, text_value[:32_000])
    sheet.freeze_panes(1, 0)
    book.close()


def file_name(page: ListPage, format: str) -> str:
    """The list's name and today's date."""
    return f"{page.label} {clock.today():%Y-%m-%d}.{format}"


@action()
def start_export(
    *, actor: Actor, page: ListPage, query: str, columns: Sequence[Column], format: str, total: int
) -> Job:
    """Stores the job of a large export. Raises `Invalid` for more rows than a workbook should hold."""
    actor.require(page.export_permission or page.permission)
    if format == "xlsx" and total > XLSX_MAX_ROWS:
        raise Invalid(
            _("An Excel file takes up to %(limit)s rows. Choose CSV, or narrow the list.")
            % {"limit": f"{XLSX_MAX_ROWS:,}"}
        )
    params = {
        "v": 1,
        "list": page.key,
        "query": query,
        "columns": [column.key for column in columns],
        "format": format,
    }
    label = _("Export: %(list)s") % {"list": page.label}
    return runners.start(kind="ui.export", label=label, owner_id=actor.user_id, params=params, total=total)


def export_batch(job: Job) -> bool:
    """One step: the ordered ids first, then `CHUNK` rows at a time, then the file. Each part survives a dead worker."""
    user = User.objects.get(pk=job.owner_id)
    with translation.override(user.language), timezone.override(user.timezone):
        actor, page = actor_for(user), lists[job.params["list"]]
        actor.require(page.export_permission or page.permission)
        columns = columns_of(page, actor, job.params["columns"])
        rows = rows_of_query(page, actor, job.params["query"])
        if "parts" not in job.result:
            ids = list(rows.ordered().values_list("pk", flat=True))
            _store(job, "ids", ids)
            job.total, job.result = len(ids), {"parts": 0}
            return False
        ids = _load(job, "ids")[job.cursor : job.cursor + CHUNK]
        if ids:
            _write_part(job, page, actor, columns, ids)
            return False
        _finish(job, actor, page, columns)
    return True


def may_open_export(actor: Actor, job_id: int, attachment: Any) -> bool:
    """Only who asked for an export may open its file."""
    return actor.is_staff and Job.objects.filter(pk=job_id, owner_id=actor.user_id).exists()


def _write_part(job: Job, page: ListPage, actor: Actor, columns: Sequence[Column], ids: Sequence[int]) -> None:
    visible = page.model._default_manager.filter(pk__in=ids).visible_to(actor)  # type: ignore[attr-defined]
    prepared = with_names(page.key, page.prepare(visible, actor) if page.prepare else visible)
    found = {row.pk: row for row in prepared}
    viewer = Viewer(actor)
    lines = [[cell_text(column, found[pk], viewer) for column in columns] for pk in ids if pk in found]
    number = job.result["parts"]
    _store(job, f"part{number}", lines)
    job.result = {**job.result, "parts": number + 1, "rows": job.result.get("rows", 0) + len(lines)}
    job.cursor += len(ids)
    job.done = job.cursor


def _finish(job: Job, actor: Actor, page: ListPage, columns: Sequence[Column]) -> None:
    parts, format = job.result["parts"], job.params["format"]
    with tempfile.TemporaryFile() as target:
        lines = (line for number in range(parts) for line in _load(job, f"part{number}"))
        write_file(target, format, _head(columns), lines)
        target.seek(0)
        with stored(File(target, name=f"export.{format}"), FORMATS[format].partition(";")[0]) as content:
            attachment = keep_attachment(
                actor=actor,
                kind="job",
                object_id=job.pk,
                name=file_name(page, format),
                content=content,
                visibility=Visibility.INTERNAL,
            )
    record_export(actor=actor, page=page, rows=job.result.get("rows", 0), format=format)
    job.result = {**job.result, "file": attachment.get_absolute_url(), "name": attachment.name}
    for name in ["ids", *(f"part{number}" for number in range(parts))]:
        default_storage.delete(_path(job, name))


def _prepared(rows: Rows) -> Iterator[Any]:
    found = rows.ordered()
    return iter(with_names(rows.page.key, rows.page.prepare(found, rows.actor) if rows.page.prepare else found))


def _lines(records: Iterable[Any], columns: Sequence[Column], viewer: Viewer) -> Iterator[list[str]]:
    for record in records:
        yield [cell_text(column, record, viewer) for column in columns]


def _head(columns: Sequence[Column]) -> list[str]:
    return [formula_safe(str(column.label)) for column in columns]


def _path(job: Job, name: str) -> str:
    return f"exports/{job.pk}/{name}.json"


def _store(job: Job, name: str, value: Any) -> None:
    path = _path(job, name)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(json.dumps(value).encode()))


def _load(job: Job, name: str) -> Any:
    with default_storage.open(_path(job, name)) as file:
        return json.loads(file.read())
