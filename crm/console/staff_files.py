"""A list of staff as a file: CSV in whatever encoding a spreadsheet wrote, or XLSX. Read into plain texts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from crm.core import names
from crm.core.errors import Invalid
from crm.core.text import formula_safe

MAX_BYTES = 5 * 1024 * 1024
#: What an XLSX file may unpack to.
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
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
    lines = _sheet(content) if content.startswith(b"PK\x03\x04") else _table(decoded(content))
    lines = [[_clean(cell) for cell in line] for line in lines]
    filled = [line for line in lines if any(line)]
    if not filled:
        raise Invalid(_("The file is empty. The first row must hold the headings."))
    columns = [_BY_HEADING.get(names.fold(cell), "") for cell in filled[0]]
    _check_columns(columns)
    if len(filled) - 1 > MAX_ROWS:
        raise Invalid(_("The file has too many rows. Split it; at most %(rows)s at once.") % {"rows": MAX_ROWS})
    ignored = [cell for cell, column in zip(filled[0], columns, strict=True) if cell and not column]
    rows = [{column: cell for column, cell in zip(columns, line, strict=False) if column} for line in filled[1:]]
    return StaffFile([column for column in columns if column], rows, ignored)


def decoded(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030, which Excel in China writes. Raises `Invalid`."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    named = [encoding for mark, encoding in marks if content.startswith(mark)]
    for encoding in named or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("The file's characters cannot be read. Save it as XLSX, or as CSV in UTF-8."))


def csv_file(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV that every spreadsheet opens: UTF-8 with mark, no cell that starts a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([[formula_safe(cell) for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _table(text: str) -> list[list[str]]:
    """Comma, semicolon or tab: whichever the first line holds most of."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("The file is no CSV that can be read: %(problem)s") % {"problem": error}) from error


def _sheet(content: bytes) -> list[list[str]]:
    """The first sheet. A small file that unpacks to a huge one is refused before it is unpacked."""
    problem = _("The file is no spreadsheet that can be read. Save it as XLSX or CSV again.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise Invalid(problem)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_plain(cell) for cell in line] for line in sheet.to_python()]
    except (zipfile.BadZipFile, CalamineError, IndexError, ValueError, OSError) as error:
        raise Invalid(problem) from error


def _plain(cell: object) -> str:
    """A phone number that the spreadsheet took for a number loses its ".0" again."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _clean(cell: str) -> str:
    """One line; the apostrophe by which `formula_safe` guards a cell is taken off again."""
    text = " ".join(cell.replace("\x00", "").split())[:MAX_CELL]
    return text[1:] if text.startswith("'") and formula_safe(text[1:]) == text else text


def _check_columns(columns: list[str]) -> None:
    missing = [str(LABELS[column]) for column in ("name", "email") if column not in columns]
    if missing:
        raise Invalid(_("These headings are missing in the first row: %(names)s.") % {"names": ", ".join(missing)})
    twice = {str(LABELS[column]) for column in columns if column and columns.count(column) > 1}
    if twice:
        raise Invalid(_("These columns stand in the file twice: %(names)s.") % {"names": ", ".join(sorted(twice))})
