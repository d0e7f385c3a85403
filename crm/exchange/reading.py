"""A table out of a file: CSV in whatever encoding a spreadsheet wrote, or XLSX. Every cell becomes a plain text.

Files are read as a stream, so that memory does not grow with their rows; XLSX is looked through before it is opened,
because a few bytes may claim millions of cells. Whatever cannot be read whole is refused with the place.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from crm.core.errors import Invalid
from crm.core.text import formula_safe

from .limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from .unpacking import Broken, too_many_rows, unpacked

CHUNK = 1 << 18
DELIMITERS = ",;\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULS = re.compile(r"\x00")


@dataclass(slots=True)
class Table:
    """rows: number (1 is the first of the file) and cells, none for a blank row. notices: what a reader should know."""

    rows: Iterator[tuple[int, list[str]]]
    encoding: str
    delimiter: str = ""
    notices: list[str] = field(default_factory=list)


@contextmanager
def opened(file: IO[bytes], *, encoding: str = "", delimiter: str = "") -> Iterator[Table]:
    """The table of a file, read by its bytes, whatever it is called. "" finds encoding and delimiter.

    Raises `Invalid` with what to change, also from `rows` while they are read.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > MAX_BYTES:
        raise Invalid(_("The file is too large. Send at most %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        yield _workbook(file)
        return
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(_("This is an old or a protected Excel file. Save it as XLSX without a password, or as CSV."))
    encoding = encoding or detected(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        delimiter = delimiter or _delimiter(text)
        text.seek(0)
        yield Table(_csv_rows(text, delimiter), encoding, delimiter)
    finally:
        text.detach()


def detected(file: IO[bytes]) -> str:
    """UTF-8 with or without mark, UTF-16, else GB18030, which Excel in China writes. Raises `Invalid`."""
    file.seek(0)
    head = file.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head.count(0) * 4 > len(head):  # Latin text in UTF-16 without a mark is every second byte empty
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    lines = [_broken_line(file, encoding) for encoding in ("utf-8", "gb18030")]
    for encoding, line in zip(("utf-8", "gb18030"), lines, strict=True):
        if not line:
            return encoding
    raise Invalid(_broken(max(lines)))


def plain(cell: Any) -> str:
    """A cell of a workbook as text: whole numbers lose ".0", dates are written year first."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else format(Decimal(repr(cell)), "f")
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}" if cell.time() != dt.time() else f"{cell:%Y-%m-%d}"
    return str(cell)


def cleaned(cell: str) -> str:
    """Without signs that no database keeps; the apostrophe by which `formula_safe` guards a cell is taken off again."""
    text = _NULS.sub("", cell).strip()
    return text[1:] if text.startswith("'") and formula_safe(text[1:]) == text else text


def _broken(line: int) -> str:
    return _(
        "Line %(line)s holds signs that are in no encoding we know, or half a sign. Save the file as XLSX, or as CSV "
        "in UTF-8."
    ) % {"line": f"{line:,}"}


def _broken_line(file: IO[bytes], encoding: str) -> int:
    """The line of the first byte that is none in that encoding, 0 when all are."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    file.seek(0)
    while True:
        chunk = file.read(CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        if not chunk:
            return 0
        line += chunk.count(b"\n")


def _delimiter(text: io.TextIOWrapper) -> str:
    """Whichever the first line holds most of, outside quotation marks; Excel may name it in a line of its own."""
    try:
        head = text.readline(CHUNK)
    except UnicodeDecodeError as error:
        raise Invalid(_broken(1)) from error
    if match := re.match(r"sep=(.)", head):
        return match[1]
    bare = re.sub(r'"[^"]*"', "", head)
    return max(DELIMITERS, key=bare.count)


def _csv_rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((line.replace("\x00", "") for line in text), delimiter=delimiter)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError as error:
            raise Invalid(_broken(reader.line_num + 1)) from error
        except csv.Error as error:
            raise Invalid(
                _("Row %(row)s cannot be read: a quotation mark may be open, or a cell is far too long.")
                % {"row": f"{number + 1:,}"}
            ) from error
        if number == 0 and row and row[0].startswith("sep=") and not any(row[1:]):
            continue
        number += 1
        yield number, _checked(number, row)


def _checked(number: int, row: Sequence[str]) -> list[str]:
    """The cells without empty ones at the end; none at all for a blank row. Raises `Invalid`."""
    if number > MAX_ROWS * 2 + 1:  # counting blank rows too, of which a file may hold as many again
        raise Invalid(too_many_rows())
    cells = [cleaned(cell) for cell in row[: MAX_COLUMNS * 10]]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise Invalid(_("Row %(row)s has more than %(count)s columns. Leave out what you do not import.")
                      % {"row": f"{number:,}", "count": MAX_COLUMNS})  # fmt: skip
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Invalid(_("Row %(row)s cannot be read: a quotation mark may be open, or a cell is far too long.")
                      % {"row": f"{number:,}"})  # fmt: skip
    return cells


def _workbook(file: IO[bytes]) -> Table:
    """The first sheet. Raises `Invalid` for what is no workbook, or one that unpacks to a huge one."""
    problem = _("The file is no spreadsheet that can be read. Save it as XLSX or CSV again.")
    try:
        book = CalamineWorkbook.from_filelike(unpacked(file))
        sheet = book.get_sheet_by_index(0)
        merged = sheet.merged_cell_ranges or []
    except (
        Broken, zipfile.BadZipFile, CalamineError, IndexError, ValueError, OSError, EOFError, NotImplementedError,
        RuntimeError, zlib.error,
    ) as error:  # fmt: skip
        raise Invalid(problem) from error
    notices = []
    if len(book.sheet_names) > 1:
        notices.append(_("Only the first sheet, “%(name)s”, is read.") % {"name": sheet.name[:60]})
    if merged:
        notices.append(_("The sheet has merged cells. Their value counts for the first row and column alone."))
    rows = ((number, _checked(number, [plain(cell) for cell in row]))
            for number, row in enumerate(sheet.iter_rows(), start=1))  # fmt: skip
    return Table(rows, "xlsx", notices=notices)
