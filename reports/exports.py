"""A card's table as a file that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import xlsxwriter

from crm.core.text import formula_safe

from .cards import Content
from .cards.base import Cell, Column

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


#: What no sheet of a workbook may have in its name, nor end with.
_NO_SHEET = re.compile(r"[\[\]:*?/\\？：／'＇]")


def file_of(content: Content, format: str) -> bytes:
    """The table as a file. Raises `KeyError` for a format that is not offered."""
    return files_of([("", content)], format)


def files_of(parts: Sequence[tuple[str, Content]], format: str) -> bytes:
    """Several tables with their titles in one file: one below the other, or a sheet each. Raises as `file_of`."""
    return {"csv": csv_of, "xlsx": xlsx_of}[format](parts)


def csv_of(parts: Sequence[tuple[str, Content]]) -> bytes:
    """CSV in UTF-8 with a byte order mark; bare values, with their unit in the heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for number, (title, content) in enumerate(parts):
        if title:
            writer.writerows([[]] * bool(number) + [[formula_safe(title)]])
        writer.writerow([_heading(column) for column in content.columns])
        for row in content.rows:
            writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(parts: Sequence[tuple[str, Content]]) -> bytes:
    """A workbook with a sheet for each: numbers as numbers, all else as text that starts no formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    for number, (title, content) in enumerate(parts, start=1):
        sheet = book.add_worksheet(f"{number} {_NO_SHEET.sub('', title)}"[:31].strip() if title else None)
        for place, column in enumerate(content.columns):
            sheet.write_string(0, place, _heading(column))
        for line, row in enumerate(content.rows, start=1):
            for place, cell in enumerate(row):
                value = _plain(cell)
                if isinstance(value, int | float):
                    sheet.write_number(line, place, value)
                else:
                    sheet.write_string(line, place, str(value))
        sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _heading(column: Column) -> str:
    return formula_safe(f"{column.label} ({column.unit})" if column.unit else column.label)


def _plain(cell: Cell) -> float | int | str:
    value = cell.value if cell.raw is None else cell.raw
    return formula_safe(value) if isinstance(value, str) else value
