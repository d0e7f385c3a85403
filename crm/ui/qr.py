"""Addresses as pictures: dark on white in every theme, since scanners want it so."""

from __future__ import annotations

import io

import segno

#: Pixels of one module of a PNG; a label of 8 cm then prints at more than 300 dots an inch.
_PNG_SCALE, _QUIET_ZONE = 20, 4


def qr_code(address: str, kind: str) -> bytes:
    """The address as a picture, "svg" or "png"."""
    buffer = io.BytesIO()
    scale = _PNG_SCALE if kind == "png" else 5
    code = segno.make(address, error="m", micro=False)
    code.save(buffer, kind=kind, scale=scale, border=_QUIET_ZONE, dark="#000", light="#fff")
    return buffer.getvalue()


def qr_inline(address: str) -> str:
    """The picture as a data: address, for a page that shows many."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(scale=5, border=_QUIET_ZONE, dark="#000", light="#fff"))
