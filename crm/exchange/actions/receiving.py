"""A file comes in, or is thrown away before it did anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady
from crm.core.text import clean_line

from .. import mapping, rowfile
from ..choices import WORKING, State
from ..declarations import Importer
from ..limits import MAX_HEADING, MAX_ROWS
from ..models import ChosenColumns, Import
from ..reading import Table, opened
from ._locking import locked

SAMPLES = 5


@action(permission="exchange.use")
def receive_file(
    *, actor: Actor, importer: Importer, file: IO[bytes], name: str, encoding: str = "", delimiter: str = ""
) -> Import:
    """Keeps the rows of a file and guesses its columns. Nothing is imported yet. Raises `Invalid`, `NotAllowed`."""
    actor.require(importer.permission)
    with opened(file, encoding=encoding, delimiter=delimiter) as table:
        headings = _headings(table)
        record = Import(
            importer=importer.key, owner_id=actor.user_id, name=clean_line(name, 200) or "--",
            encoding=table.encoding, delimiter=table.delimiter, headings=headings, notices=table.notices,
        )  # fmt: skip
        record.path, record.rows = rowfile.write(_filled(table, record, len(headings)))
    if not record.rows:
        rowfile.remove(record.path)
        raise Invalid(_("The file holds headings, but no rows."))
    before = ChosenColumns.objects.filter(user_id=actor.user_id or 0, importer=importer.key).first()
    record.mapping = mapping.guessed(importer, headings, before.columns if before else {})
    record.samples = [
        next((cells[place][:80] for cells in record.samples if place < len(cells) and cells[place]), "")
        for place in range(len(headings))
    ]
    record.save()
    return record


@action(permission="exchange.use")
def discard_import(*, actor: Actor, record: Import) -> None:
    """Throws away an import that wrote nothing. Raises `NotFound`, `NotReady`."""
    row = locked(actor, record)
    if row.has_written or row.stage in WORKING:
        raise NotReady(_("This import is running or has written rows. Stop or undo it instead."))
    rowfile.remove(row.path)
    row.delete()


def _headings(table: Table) -> list[str]:
    """The first row that is not blank. Raises `Invalid`."""
    found = next((cells for _number, cells in table.rows if cells), None)
    if found is None:
        raise Invalid(_("The file is empty. The first row must hold the headings."))
    return [clean_line(cell)[:MAX_HEADING] for cell in found]


def _filled(table: Table, record: Import, width: int) -> Iterator[rowfile.Row]:
    """Rows with something in them. Notes blank ones, a few samples, and cells beyond the headings."""
    count = 0
    for number, cells in table.rows:
        if not cells:
            record.blank_rows += 1
            continue
        count += 1
        if count > MAX_ROWS:
            raise Invalid(
                _("The file has too many rows. Split it; at most %(rows)s at once.") % {"rows": f"{MAX_ROWS:,}"}
            )
        if len(cells) > width:
            raise Invalid(
                _("Row %(row)s has more cells than there are headings. Name every column, or mend the separators.")
                % {"row": f"{number:,}"}
            )
        if len(record.samples) < SAMPLES:
            record.samples.append(cells)
        yield number, cells


def is_open(record: Import) -> bool:
    """Whether columns can still be chosen."""
    return record.stage in {State.DRAFT, State.CHECKED} or (
        record.stage == State.STOPPED and record.state == State.CHECKING
    )
