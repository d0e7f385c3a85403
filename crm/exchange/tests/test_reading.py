"""Files of every make are read whole, or refused with the place."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from crm.core.errors import Invalid

from ..limits import MAX_BYTES, MAX_ROWS
from ..reading import opened
from .builders import csv_of, xlsx_of


def rows_of(file: io.BytesIO, **options: str) -> list[list[str]]:
    with opened(file, **options) as table:
        return [cells for _number, cells in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_every_encoding_that_spreadsheets_write(encoding: str, delimiter: str) -> None:
    head = ["Company name", "Contact person", "姓名"]
    file = csv_of(head, ["云帆", "王芳", "㐀"], encoding=encoding, delimiter=delimiter)
    assert rows_of(file) == [head, ["云帆", "王芳", "㐀"]]


def test_quoted_cells_keep_separators_and_lines() -> None:
    assert rows_of(io.BytesIO(b'a,b\r\n"x, y","two\r\nlines"\r\n')) == [["a", "b"], ["x, y", "two\r\nlines"]]


def test_a_line_of_excel_that_names_the_separator_is_no_row() -> None:
    assert rows_of(io.BytesIO(b"sep=;\r\na,1;b\r\n")) == [["a,1", "b"]]


def test_half_a_sign_is_refused_with_its_line() -> None:
    content = "名称\r\n云帆\r\n".encode("gb18030") + b"\xd4"
    with pytest.raises(Invalid, match="Line 3 "):
        rows_of(io.BytesIO(content))


def test_nuls_are_dropped_and_nothing_else() -> None:
    assert rows_of(io.BytesIO(b"name,code\r\nA\x00B,\x001\r\n")) == [["name", "code"], ["AB", "1"]]


def test_an_open_quotation_mark_is_refused_with_its_row() -> None:
    content = b'a,b\r\n1,2\r\n"never closed,' + b"x" * 200_000
    with pytest.raises(Invalid, match="Row 3 "):
        rows_of(io.BytesIO(content))


def test_a_guarded_formula_loses_its_guard() -> None:
    assert rows_of(io.BytesIO(b"a\r\n'=1+1\r\n'quoted\r\n")) == [["a"], ["=1+1"], ["'quoted"]]


@pytest.mark.parametrize("columns", [201, 1_000_000])
def test_a_row_of_far_too_many_columns_is_refused(columns: int) -> None:
    with pytest.raises(Invalid, match="Row 1 has more than 200 columns"):
        rows_of(io.BytesIO(b",".join([b"x"] * columns)))


def test_too_large_a_file_is_refused_unread() -> None:
    with pytest.raises(Invalid, match="at most 20 MB"):
        rows_of(io.BytesIO(b"x" * (MAX_BYTES + 1)))


def test_a_workbook_keeps_numbers_dates_and_leading_rows() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(1, 0, ["phone", "on", "price", "paid", "sum"])
    sheet.write_number(2, 0, 13812345678)
    sheet.write_datetime(2, 1, __import__("datetime").datetime(2026, 3, 31))
    sheet.write_number(2, 2, 12.5)
    sheet.write_boolean(2, 3, True)
    sheet.write_formula(2, 4, "=1+1", None, 2)
    book.close()
    target.seek(0)
    with opened(target) as table:
        rows = dict(table.rows)
    assert rows[2] == ["phone", "on", "price", "paid", "sum"]
    assert rows[3] == ["13812345678", "2026-03-31", "12.5", "true", "2"]


def test_merged_cells_and_further_sheets_are_said() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("List")
    sheet.write_row(0, 0, ["a", "b"])
    sheet.merge_range(1, 0, 2, 0, "both")
    book.add_worksheet("Other")
    book.close()
    target.seek(0)
    with opened(target) as table:
        assert [cells for _n, cells in table.rows][:2] == [["a", "b"], ["both"]]
        assert len(table.notices) == 2


def test_a_sheet_whose_cells_lie_far_apart_is_refused_unopened() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(90_000, 16_000, "far")
    book.close()
    target.seek(0)
    with pytest.raises(Invalid, match="rows high"):
        rows_of(target)


def test_a_zip_bomb_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _part in range(220):
                sheet.write(b"\0" * 1024 * 1024)
    target.seek(0)
    with pytest.raises(Invalid, match="unpacks"):
        rows_of(target)


def _with_sheet(sheet: str, place: str = "worksheets/sheet1.xml") -> io.BytesIO:
    """A workbook of one cell whose sheet says this, wherever the workbook says it lies."""
    content = io.BytesIO()
    head = '<?xml version="1.0"?>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(xlsx_of(["a"])) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                name, data = f"xl/{place}", f"{head}<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>"
            new.writestr(name, data.replace("worksheets/sheet1.xml", place))
    content.seek(0)
    return content


_NEAR, _FAR = '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="99"><c r="XFD99999"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda: _with_sheet((_NEAR + _FAR).replace('"', "'")), id="other quotation marks"),
        pytest.param(lambda: _with_sheet(_NEAR + _FAR, "elsewhere/s.xml"), id="a sheet elsewhere"),
        pytest.param(lambda: _with_sheet(_NEAR + _FAR.replace("XFD", "x&#102;d")), id="an escaped name"),
        pytest.param(
            lambda: _with_sheet(f'<row r="1">{"<c><v>1</v></c>" * 900}</row><row r="99999"><c><v>1</v></c></row>'),
            id="cells without names",
        ),
    ],
)
def test_cells_that_lie_far_apart_are_found_however_they_are_written(file: Any) -> None:
    """The reader of workbooks would ask for so much memory that its whole process is ended."""
    with pytest.raises(Invalid, match="rows high"):
        rows_of(file())


def test_a_workbook_is_not_believed_about_its_sizes() -> None:
    """A part that is larger than the archive says, entities that blow up, and two parts of one name."""
    honest = _with_sheet(_NEAR).getvalue()
    assert rows_of(io.BytesIO(honest)) == [["1"]]
    part = b"x" * 5_000_000
    bomb = io.BytesIO(honest)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b"<x>" + part + b"</x>")
    size = (len(part) + 7).to_bytes(4, "little")
    lie = bomb.getvalue().replace(size, (7).to_bytes(4, "little"))
    doctype = _with_sheet(_NEAR).getvalue()
    twice = io.BytesIO(honest)
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("XL/workbook.xml", "<x/>")
    declared = io.BytesIO(doctype)
    with zipfile.ZipFile(declared, "a") as archive:
        archive.writestr("xl/entities.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    for content in (lie, twice.getvalue(), declared.getvalue()):
        with pytest.raises(Invalid, match="no spreadsheet"):
            rows_of(io.BytesIO(content))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0old", b"\x89PNG\r\n\x1a\n\xff\xfe\xfd\x81"]
)
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid):
        rows_of(io.BytesIO(content))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    target.seek(0)
    with pytest.raises(Invalid, match="no spreadsheet"):
        rows_of(target)


def test_xlsx_with_more_rows_than_the_limit_is_refused() -> None:
    file = xlsx_of(["a"])
    content = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b'r="A1"', b'r="A%d"' % (MAX_ROWS * 3))
            new.writestr(name, data)
    content.seek(0)
    with pytest.raises(Invalid, match="too many rows"):
        rows_of(content)
