"""Real mails, and seeded ways to break them."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "mails"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. name: the file's, with its project first."""

    name: str
    raw: bytes


def own() -> list[Mail]:
    """Some two dozen that stand for the rest, for the fast tier."""
    return [Mail(path.name, path.read_bytes()) for path in sorted(HERE.glob("*.eml"))]


@cache
def everything() -> list[Mail]:
    """The whole corpus, about 250."""
    with zipfile.ZipFile(HERE / "corpus.zip") as archive:
        return [Mail(name, archive.read(name)) for name in sorted(archive.namelist())]


def mutations(corpus: list[Mail], count: int, seed: int = 20261121) -> Iterator[bytes]:
    """So many broken mails, the same ones for the same seed."""
    rng = random.Random(seed)
    mails = [mail.raw[:60_000] for mail in corpus if mail.raw]
    for _number in range(count):
        data = bytearray(rng.choice(mails))
        for _round in range(rng.randint(1, 6)):
            _WAYS[rng.randrange(len(_WAYS))](data, rng, mails)
        yield bytes(data)


def _flip(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    for _times in range(rng.randint(1, 20)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)


def _cut(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.randint(1, 400)]


def _double(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = data[at : at + rng.randint(1, 300)] * rng.randint(1, 4)


def _splice(data: bytearray, rng: random.Random, mails: list[bytes]) -> None:
    other = rng.choice(mails)
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    data[at:at] = other[start : start + rng.randint(1, 2000)]


def _poison(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.choice(_POISONS)


def _header(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    data[0:0] = rng.choice(_HEADERS) + b"\r\n"


def _truncate(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _repeat_header(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    """Headers that may stand once, twice or ten times."""
    lines = bytes(data).split(b"\r\n\r\n")[0].split(b"\n\n")[0].splitlines(keepends=True)
    if lines:
        data[0:0] = rng.choice(lines) * rng.choice((1, 1, 9))


def _lie(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    """Another charset, or another transfer encoding, than the bytes have."""
    charset, encoding = rng.choice(_CHARSETS), rng.choice((b"base64", b"quoted-printable", b"x-uuencode", b"8bit"))
    lied = re.sub(rb"(?i)charset\s*=\s*[\w\"'-]+", b"charset=" + charset, bytes(data))
    data[:] = re.sub(rb"(?i)(transfer-encoding:\s*)[\w-]+", rb"\g<1>" + encoding, lied) if rng.random() < 0.5 else lied


def _swell(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    """A header beyond all measure."""
    name = rng.choice((b"Subject", b"From", b"To", b"References", b"X-Spam", b"Content-Type"))
    data[0:0] = name + b": " + rng.choice((b"x", b"<a@b> ", b"\t", b"=?utf-8?q?a?= ", b"\xff")) * rng.randint(500, 9000)
    data[0:0] = b"X: y\r\n"


def _nul(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    for _times in range(rng.randint(1, 30)):
        at = rng.randrange(len(data) + 1)
        data[at:at] = b"\x00"


def _break_boundary(data: bytearray, rng: random.Random, _mails: list[bytes]) -> None:
    """The boundary that is declared is not the one that is used, or ends too early, or never."""
    found = re.search(rb'(?i)boundary\s*=\s*"?([^";\r\n]+)', bytes(data))
    if found:
        boundary = found.group(1)
        way = rng.choice((boundary[:-1], boundary + b"--", b"", boundary.swapcase()))
        data[:] = bytes(data).replace(b"--" + boundary, b"--" + way, rng.choice((1, 2, -1)))


_POISONS = (
    b"\x00", b"\xff\xfe", b"=?gb2312?b?", b"=?x?q?=00?=", b"\r\n\r\n", b"--", b'boundary="', b"charset=idna",
    b"\xed\xa0\x80", b"; filename*0*=utf-8''%FF%00", b"=?utf-8?b?" + b"A" * 300 + b"?=", b"Content-Type: multipart/",
)  # fmt: skip
_HEADERS = (
    b"Content-Type: multipart/mixed", b"Content-Type: text/plain; charset=unknown-8bit", b"From: :;", b"From: <@>",
    b"Content-Type: text/plain; charset=undefined", b"Content-Transfer-Encoding: base64", b"Date: 99 Foo",
    b"Content-Type: message/rfc822", b"To: a:b@c.d,;", b"Content-Disposition: attachment; filename*=x''%zz",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x", b"Subject: =?utf-7?q?+?=",
)  # fmt: skip
_CHARSETS = (
    b"utf-7", b"utf-16", b"gb2312", b"big5", b"iso-2022-jp", b"us-ascii", b"hz-gb-2312", b"utf-32", b"punycode", b"''",
)  # fmt: skip
_WAYS = (
    _flip, _cut, _double, _splice, _poison, _header, _truncate, _repeat_header, _lie, _swell, _nul, _break_boundary,
)  # fmt: skip
