"""A workbook is unpacked here before anything else reads it: its sizes are counted, not believed.

What an archive says of its parts may be a lie, and a few bytes may claim a cell in the last corner of a sheet. So each
part is read by an XML parser that counts what the reader of workbooks would make room for, and only a copy of what
was counted goes on to it.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from crm.core.errors import Invalid

from .limits import MAX_CELLS, MAX_ROWS, MAX_UNPACKED_BYTES

CHUNK = 1 << 18
_PARTS = (".xml", ".rels")
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
_ROW = re.compile(r"[0-9]{1,7}", re.ASCII)


class Broken(Exception):
    """The archive is no workbook that anybody would write."""


def unpacked(file: IO[bytes]) -> IO[bytes]:
    """A copy with nothing but the XML of the workbook, small enough to be opened.

    Raises `Broken`, `Invalid` for a table that is too large, and what `zipfile` raises.
    """
    target = tempfile.SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115  (the reader keeps it)
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(_PARTS)]
        names = {entry.filename.lower() for entry in entries}
        if "xl/workbook.xml" not in names or len(names) != len(entries):
            raise Broken
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise Invalid(_("The file unpacks to far more than a table of this size needs. Save it again, or as CSV."))
        for entry in entries:
            _copy(archive, entry, copy)
    target.seek(0)
    return target  # type: ignore[return-value]


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, copy: zipfile.ZipFile) -> None:
    """No more of the part than the archive says; what is cut there is no XML any more."""
    extent = _Extent()
    with archive.open(entry) as source, copy.open(entry.filename, "w") as target:
        while chunk := source.read(CHUNK):
            extent.feed(chunk)
            target.write(chunk)
        extent.feed(b"", is_last=True)


class _Extent:
    """How far the cells of a part lie apart, as a reader of workbooks counts: by name, else next to the one before."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Raises `Broken`, `Invalid`."""
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise Broken from error
        if self.rows > MAX_ROWS * 2 + 1:
            raise Invalid(too_many_rows())
        if self.rows * self.columns > MAX_CELLS:
            raise Invalid(
                _("The sheet is %(rows)s rows high and %(columns)s columns wide. Delete what lies outside your table.")
                % {"rows": f"{self.rows:,}", "columns": f"{self.columns:,}"}
            )  # fmt: skip

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            self._cell(attributes.get("r", ""))
        elif name == "row" or name.endswith(":row"):
            said = attributes.get("r", "")
            if said and not _ROW.fullmatch(said):
                raise Broken
            self.row, self.column = int(said) if said else self.row + 1, 0

    def _cell(self, said: str) -> None:
        if said:
            match = _CELL.fullmatch(said)
            if match is None:
                raise Broken
            self.row, self.column = int(match[2]), _place(match[1].upper())
        else:
            self.column += 1
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)

    def _refuse(self, *_names: object) -> None:
        raise Broken


def too_many_rows() -> str:
    """What whoever sent the file is told."""
    return _("The file has too many rows. Split it; at most %(rows)s at once.") % {"rows": f"{MAX_ROWS:,}"}


def _place(column: str) -> int:
    """A is 1, Z 26, AA 27."""
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - 64
    return place
