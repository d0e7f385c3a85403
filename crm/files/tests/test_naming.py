from __future__ import annotations

import pytest

from crm.files.models import NAME_LIMIT
from crm.files.naming import clean_name


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\发票 2026.pdf", "发票 2026.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
        ('"><script>.png', "___script_.png"),
        ("\x00\x07", "file"),
        ("..", "file"),
        ("program.exe. .", "program.exe"),
        ("a\u2028b.txt", "a b.txt"),
    ],
)
def test_a_hostile_name_becomes_harmless(hostile, safe):
    assert clean_name(hostile) == safe


def test_a_long_name_keeps_its_extension():
    name = clean_name("报告" * 200 + ".pdf")
    assert len(name) == NAME_LIMIT
    assert name.endswith("报告.pdf")


def test_a_long_name_without_extension_is_cut():
    assert len(clean_name("x" * 400)) == NAME_LIMIT
