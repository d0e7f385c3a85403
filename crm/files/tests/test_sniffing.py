from __future__ import annotations

import io
import zipfile

import pytest

from crm.files.sniffing import OCTETS, PROGRAM, TEXT, media_type_of

from .builders import picture


def sniff(content: bytes) -> str:
    return media_type_of(io.BytesIO(content))


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 5000)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")])
def test_pictures(kind, media_type):
    assert sniff(picture(kind=kind)) == media_type


def test_webp_is_told_from_other_riff_files():
    assert sniff(picture(kind="WEBP")) == "image/webp"
    assert sniff(b"RIFF\x00\x00\x00\x00WAVEfmt ") == "audio/wav"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x7fELF\x02\x01", PROGRAM),
        (b"MZ" + b"\x00" * 58 + (64).to_bytes(4, "little") + b"PE\x00\x00", PROGRAM),
        (b"MZ is how this note begins", TEXT),
        ("工单很多".encode(), TEXT),
        ("工单很多".encode("gb18030"), TEXT),
        ("工单".encode("utf-16"), TEXT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", TEXT),
        (b"<!doctype html><script>alert(1)</script>", TEXT),
        (b"\x00\x01\x02\x03", OCTETS),
    ],
)
def test_other_types(content, media_type):
    assert sniff(content) == media_type


def test_office_files_are_zips_with_the_right_parts():
    assert sniff(zipped("a.txt")) == "application/zip"
    assert sniff(zipped("[Content_Types].xml", "xl/workbook.xml")).endswith("spreadsheetml.sheet")
    assert sniff(zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")).endswith(
        "wordprocessingml.document"
    )


def test_the_position_is_left_at_the_start():
    file = io.BytesIO(b"%PDF-1.7\n")
    media_type_of(file)
    assert file.tell() == 0
