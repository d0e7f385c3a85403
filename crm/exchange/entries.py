"""From rows of a file to entries: cells by column, parsed, those of one record together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from crm.core.errors import DomainError, Invalid

from . import rowfile
from .cells import BROKEN
from .choices import DateOrder
from .declarations import Entry, ImportColumn, Importer, Line, Reading
from .limits import MAX_GROUP
from .models import Import


class Reader:
    """Reads the entries of one import from an offset on; remembers the columns, which a process looks up once."""

    def __init__(self, record: Import, importer: Importer):
        self.importer, self.path = importer, record.path
        known = {column.key: column for column in importer.all_columns()}
        self.columns: dict[int, ImportColumn] = {
            int(place): known[key] for place, key in record.mapping.items() if key in known
        }
        self.required = [column for column in known.values() if column.required]
        self.reading = Reading(day_first=record.date_order == DateOrder.DAY_FIRST)
        self.group = next((place for place, column in self.columns.items() if column.key == importer.group_by), None)

    def entries(self, offset: int) -> Iterator[tuple[Entry, int]]:
        """Entries from a byte offset on, each with the offset after it. The first lines of an entry name its group."""
        lines: list[Line] = []
        group, end = "", offset
        for (number, cells), after in rowfile.read(self.path, offset):
            mine = self.group_of(cells)
            if lines and (not mine or mine != group):
                yield self._entry(lines), end
                lines = []
            lines.append(self.line(number, cells))
            group, end = mine, after
        if lines:
            yield self._entry(lines), end

    def taken(self, offset: int, rows: int) -> list[tuple[Entry, int]]:
        """The next entries, of about so many rows."""
        taken: list[tuple[Entry, int]] = []
        count = 0
        for entry, after in self.entries(offset):
            taken.append((entry, after))
            count += len(entry.lines)
            if count >= rows:
                break
        return taken

    def group_of(self, cells: Sequence[str]) -> str:
        """What the rows of one record share, "" for a row of its own."""
        if self.group is None or self.group >= len(cells):
            return ""
        return cells[self.group].strip().casefold()

    def line(self, number: int, cells: Sequence[str]) -> Line:
        """A row with its values, or with why a cell has none."""
        found = {
            column.key: cells[place]
            for place, column in self.columns.items()
            if place < len(cells) and cells[place] not in {"", "--"}
        }
        line = Line(number, found)
        for column in self.columns.values():
            if column.key in found:
                self._parse(line, column, found[column.key])
        for column in self.required:
            if column.key not in found:
                line.wrong[column.key] = _("Empty, but needed")
        return line

    def _parse(self, line: Line, column: ImportColumn, cell: str) -> None:
        try:
            if cell in BROKEN:
                raise Invalid(_("The formula in this cell failed"))
            value = column.parse(cell, self.reading)
        except DomainError as error:
            line.wrong[column.key] = reason_of(error)
        else:
            if value not in ("", None, []):
                line.values[column.key] = value

    def _entry(self, lines: list[Line]) -> Entry:
        if len(lines) > MAX_GROUP:
            lines[0].wrong[self.importer.group_by] = _("More than %(count)s rows belong together") % {
                "count": MAX_GROUP
            }
        return Entry(lines)


def reason_of(error: DomainError) -> str:
    """An error's own sentences, those about fields first."""
    return ". ".join(str(text) for text in error.fields.values()) or str(error)


def digests(keys: Mapping[str, str]) -> dict[str, str]:
    """Column key → a short name of its value."""
    return {
        column: hashlib.blake2b(f"{column}\0{value}".encode(), digest_size=16).hexdigest()
        for column, value in keys.items()
        if value
    }
