"""A list of staff as a file, read by `crm.exchange.reading` into plain texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import names
from crm.core.errors import Invalid
from crm.core.text import formula_safe
from crm.exchange.reading import opened

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000
MAX_CELL = 300
#: Column → its heading in both languages, and other words for it. The first two are what the example file shows.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("Name", "姓名", "full name", "名字", "员工姓名"),
    "email": ("Email", "邮箱", "mail", "e-mail", "email address", "邮件", "电子邮箱", "邮箱地址"),
    "phone": ("Phone", "电话", "mobile", "telephone", "手机", "手机号", "联系电话"),
    "job_title": ("Job title", "职位", "title", "职务", "岗位"),
    "department": ("Department", "部门", "department path", "部门路径", "所属部门"),
    "teams": ("Teams", "团队", "team", "所属团队"),
    "roles": ("Roles", "角色", "role"),
    "language": ("Language", "语言", "lang", "界面语言"),
    "timezone": ("Time zone", "时区", "timezone", "zone"),
}
LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "job_title": gettext_lazy("Job title"),
    "department": gettext_lazy("Department"),
    "teams": gettext_lazy("Teams"),
    "roles": gettext_lazy("Roles"),
    "language": gettext_lazy("Language"),
    "timezone": gettext_lazy("Time zone"),
}
_BY_HEADING = {names.fold(word): column for column, words in HEADINGS.items() for word in words}

#: One person: column → text, only columns that the file has.
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffFile:
    """rows: in the order of the file, empty lines left out. ignored: headings that say nothing to us."""

    columns: list[str]
    rows: list[Row]
    ignored: list[str]


def read_staff(content: bytes) -> StaffFile:
    """Reads a file by its bytes, whatever it is called. Raises `Invalid` with what to change."""
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is too large. Send at most %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
    with opened(io.BytesIO(content)) as table:
        filled = [[_clean(cell) for cell in line] for _number, line in table.rows if line]
    if not filled:
        raise Invalid(_("The file is empty. The first row must hold the headings."))
    columns = [_BY_HEADING.get(names.fold(cell), "") for cell in filled[0]]
    _check_columns(columns)
    if len(filled) - 1 > MAX_ROWS:
        raise Invalid(_("The file has too many rows. Split it; at most %(rows)s at once.") % {"rows": MAX_ROWS})
    ignored = [cell for cell, column in zip(filled[0], columns, strict=True) if cell and not column]
    rows = [{column: cell for column, cell in zip(columns, line, strict=False) if column} for line in filled[1:]]
    return StaffFile([column for column in columns if column], rows, ignored)


def csv_file(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV that every spreadsheet opens: UTF-8 with mark, no cell that starts a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([[formula_safe(cell) for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _clean(cell: str) -> str:
    """One line."""
    return " ".join(cell.split())[:MAX_CELL]


def _check_columns(columns: list[str]) -> None:
    missing = [str(LABELS[column]) for column in ("name", "email") if column not in columns]
    if missing:
        raise Invalid(_("These headings are missing in the first row: %(names)s.") % {"names": ", ".join(missing)})
    twice = {str(LABELS[column]) for column in columns if column and columns.count(column) > 1}
    if twice:
        raise Invalid(_("These columns stand in the file twice: %(names)s.") % {"names": ", ".join(sorted(twice))})
