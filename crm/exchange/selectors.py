"""What the pages of an import show, and its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from crm.core import sockets
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.text import formula_safe
from crm.ui.generic.cells import url_of
from crm.ui.generic.exports import write_file

from . import rowfile
from .choices import Outcome
from .declarations import Importer, importers
from .models import Finding, Import, WrittenRow

PER_PAGE = 50


def importer_named(actor: Actor, key: str) -> Importer:
    """A declaration by the key of an address. Raises `NotFound`, `NotAllowed`."""
    importer = importers.offered(key)
    if importer is None:
        raise NotFound
    actor.require(importer.permission)
    return importer


def importer_of(record: Import) -> Importer | None:
    """The declaration of an import, None when its app is gone."""
    return importers.get(record.importer)


def findings_page(record: Import, outcome: str, page: Any) -> Page[Finding]:
    """A page of what was found, of one outcome or of all."""
    rows = Finding.objects.filter(batch=record)
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    return Paginator(rows, PER_PAGE).get_page(page)


def columns_with_problems(record: Import) -> Sequence[dict[str, Any]]:
    """Column and how many errors it has, most first."""
    rows = Finding.objects.filter(batch=record, outcome=Outcome.WRONG).exclude(column="").order_by()
    return list(rows.values("column").annotate(count=Count("pk")).order_by("-count")[:8])


def written_links(actor: Actor, record: Import, limit: int = 10) -> list[tuple[WrittenRow, str]]:
    """The first rows that were written and are still there, with the address of the record where the actor sees it."""
    rows = list(WrittenRow.objects.filter(batch=record, undone_at__isnull=True)[:limit])
    return [(row, _address(actor, row)) for row in rows]


def rows_left(record: Import) -> QuerySet[WrittenRow]:
    """What an undo could not take back, with reasons."""
    return WrittenRow.objects.filter(batch=record).exclude(left="")


def _address(actor: Actor, row: WrittenRow) -> str:
    kind = sockets.kinds.by_code(row.kind)
    if kind is None:
        return ""
    model: Any = apps.get_model(kind.model)
    found = model._default_manager.visible_to(actor).filter(pk=row.object_id).first()
    return url_of(found) if found is not None else ""


def write_errors(target: IO[bytes], record: Import, format: str) -> None:
    """The rows that were left out as they came, with a column that says why; no cell starts a formula."""
    reasons: dict[int, list[str]] = {}
    left_out = Finding.objects.filter(batch=record, outcome__in=[Outcome.SKIPPED, Outcome.WRONG])
    for number, column, reason in left_out.values_list("number", "column", "reason"):
        reasons.setdefault(number, []).append(f"{column}: {reason}" if column else reason)
    if not reasons or not record.path:
        raise NotFound
    head = [formula_safe(heading) for heading in [*record.headings, _("Reason")]]
    write_file(target, format, head, _error_lines(record, reasons))


def _error_lines(record: Import, reasons: dict[int, list[str]]) -> Iterator[list[str]]:
    width = len(record.headings)
    for (number, cells), _offset in rowfile.read(record.path):
        if number in reasons:
            row = [*cells, *[""] * (width - len(cells)), "; ".join(reasons[number])]
            yield [formula_safe(cell) for cell in row]


def write_template(target: IO[bytes], importer: Importer, format: str) -> None:
    """Headings in the reader's language and one example row."""
    columns = importer.all_columns()
    write_file(
        target,
        format,
        [str(column.label) for column in columns],
        [[formula_safe(column.example) for column in columns]],
    )
