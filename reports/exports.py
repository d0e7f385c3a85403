"""A card's table as a file that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from crm.core.text import formula_safe

from .cards import Content
from .cards.base import Cell, Column

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_of(content: Content, format: str) -> bytes:
    """The table as a file. Raises `KeyError` for a format that is not offered."""
    return {"csv": csv_of, "xlsx": xlsx_of}[format](content)


def csv_of(content: Content) -> bytes:
    """CSV in UTF-8 with a byte order mark; bare values, with their unit in the heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_heading(column) for column in content.columns])
    for row in content.rows:
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(content: Content) -> bytes:
    """A workbook of one sheet: numbers as numbers, all else as text that starts no formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for place, column in enumerate(content.columns):
        sheet.write_string(0, place, _heading(column))
    for number, row in enumerate(content.rows, start=1):
        for place, cell in enumerate(row):
            value = _plain(cell)
            if isinstance(value, int | float):
                sheet.write_number(number, place, value)
            else:
                sheet.write_string(number, place, str(value))
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _heading(column: Column) -> str:
    return formula_safe(f"{column.label} ({column.unit})" if column.unit else column.label)


def _plain(cell: Cell) -> float | int | str:
    value = cell.value if cell.raw is None else cell.raw
    return formula_safe(value) if isinstance(value, str) else value
