"""Real mails, and seeded ways to break them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "mails"
SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "corpora" / "mail"


def own() -> list[Path]:
    """The mails of this checkout."""
    return sorted(HERE.glob("*.eml"))


def everything() -> list[Path]:
    """The whole corpus; skips the test where it does not lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("../shared/corpora/mail does not lie beside this checkout")
    return sorted(path for path in SHARED.rglob("*") if path.is_file() and path.suffix != ".json")


def mutations(mails: list[bytes], count: int, seed: int = 20261121) -> Iterator[bytes]:
    """So many broken mails, the same ones for the same seed: bytes flipped, cut, doubled, spliced, headers swapped."""
    rng = random.Random(seed)
    mails = [mail[:60_000] for mail in mails if mail]
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
_WAYS = (_flip, _cut, _double, _splice, _poison, _header)
