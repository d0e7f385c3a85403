"""How many parts a text message is sent, and paid, in (3GPP TS 23.038 and 23.040).

A text of the GSM alphabet fits 160 septets, or 153 a part when it is joined from several; any other character
makes all of it UCS-2, 70 or 67 units a part. An escape or a surrogate pair is never torn between two parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take two septets: an escape and themselves.
_EXTENDED = frozenset("\f^{}\\[~]|€")
GSM_SINGLE, GSM_JOINED, UCS2_SINGLE, UCS2_JOINED = 160, 153, 70, 67


@dataclass(frozen=True, slots=True)
class Parts:
    """How a text travels. units: septets or 16-bit units; count: parts that are paid; 0 for no text."""

    is_unicode: bool
    units: int
    count: int


def parts_of(text: str) -> Parts:
    """The parts of a text message."""
    is_unicode = not all(char in _BASIC or char in _EXTENDED for char in text)
    weight = _ucs2 if is_unicode else _septets
    single, joined = (UCS2_SINGLE, UCS2_JOINED) if is_unicode else (GSM_SINGLE, GSM_JOINED)
    units = sum(map(weight, text))
    return Parts(is_unicode, units, min(1, units) if units <= single else _joined(text, weight, joined))


def _joined(text: str, weight: Callable[[str], int], room: int) -> int:
    count, used = 1, 0
    for char in text:
        needed = weight(char)
        if used + needed > room:
            count, used = count + 1, 0
        used += needed
    return count


def _septets(char: str) -> int:
    return 2 if char in _EXTENDED else 1


def _ucs2(char: str) -> int:
    return 2 if ord(char) > 0xFFFF else 1
