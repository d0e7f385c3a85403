"""A card's table as a file that a spreadsheet opens and does not run."""

from __future__ import annotations

import csv
import io

from crm.core.text import formula_safe

from .cards import Content


def csv_of(content: Content) -> bytes:
    """CSV in UTF-8 with a byte order mark; bare values, with their unit in the heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [formula_safe(f"{column.label} ({column.unit})" if column.unit else column.label) for column in content.columns]
    )
    for row in content.rows:
        writer.writerow([_plain(cell.value if cell.raw is None else cell.raw) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: object) -> object:
    return formula_safe(value) if isinstance(value, str) else value
