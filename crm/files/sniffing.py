"""What a file is, judged by its bytes. Names and the browser's word count for nothing.

Signatures: https://en.wikipedia.org/wiki/List_of_file_signatures and WHATWG MIME Sniffing §6.
"""

from __future__ import annotations

import codecs
import re
from typing import IO, Any

from django.core.files.base import File

HEAD_BYTES = 4096
TAIL_BYTES = 65_536

OCTETS = "application/octet-stream"
PROGRAM = "application/x-executable"
TEXT = "text/plain"
ZIP = "application/zip"

#: Shown re-encoded in the page; every other type is only ever downloaded.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OOXML: tuple[tuple[bytes, str], ...] = (
    (b"word/document", f"{_OFFICE}.wordprocessingml.document"),
    (b"xl/workbook", f"{_OFFICE}.spreadsheetml.sheet"),
    (b"ppt/presentation", f"{_OFFICE}.presentationml.presentation"),
)
_OPEN_DOCUMENT = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,40})")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def media_type_of(file: IO[bytes] | File[Any]) -> str:
    """The media type of a seekable file, `application/octet-stream` when nothing is recognised.

    Markup (HTML, SVG, XML) is plain text here, since it is never shown as anything else.
    Leaves the position at the start.
    """
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    file.seek(0)
    return _by_signature(head, tail) or (TEXT if _is_text(head) else OCTETS)


def _by_signature(head: bytes, tail: bytes) -> str:
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in {b"heic", b"heix", b"mif1"} else "video/mp4"
    if head.startswith(b"MZ") and _is_windows_program(head):
        return PROGRAM
    return _zip_type(head, tail) if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else ""


def _is_windows_program(head: bytes) -> bool:
    """A DOS header points at a PE, NE or LE header; a text that begins with "MZ" does not."""
    at = int.from_bytes(head[60:64], "little")
    return len(head) >= 64 and (head[at : at + 2] in {b"PE", b"NE", b"LE"} or not _is_text(head))


def _zip_type(head: bytes, tail: bytes) -> str:
    """Office files are zips whose directory, at the end, names their parts."""
    opened = _OPEN_DOCUMENT.match(head, 30)
    if opened:
        return opened.group(1).decode()
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail:
        return next((media_type for part, media_type in _OOXML if part in tail or part in head), ZIP)
    return ZIP


def _is_text(head: bytes) -> bool:
    """UTF-8, UTF-16 with its mark, or GB18030 as Chinese Windows writes it, without control characters."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            return not _BINARY.search(decoder.decode(head))
        except UnicodeDecodeError:
            continue
    return False
