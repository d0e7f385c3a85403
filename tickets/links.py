"""Own addresses of request types: for a web page, a mail, or a QR code on a door."""

from __future__ import annotations

import io
from collections.abc import Mapping
from urllib.parse import urlencode

import segno
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.text import clean_line

from .choices import Audience
from .models import RequestType

#: How many codes one printable sheet holds, and what one line of it may hold.
MAX_CODES, MAX_LINE = 200, 200
#: Pixels of one module of a PNG; a label of 8 cm then prints at more than 300 dots an inch.
_PNG_SCALE, _QUIET_ZONE = 20, 4


def form_address(request_type: RequestType, presets: Mapping[str, str] | None = None) -> str:
    """The form for that type under the brand's public address, with answers filled in. presets: field key → text.

    What only colleagues may ask for has its form among their requests, behind the sign-in.
    """
    is_internal = request_type.audiences == [Audience.EMPLOYEES]
    path = reverse("requests:request_create" if is_internal else "help:ticket_submit_type", args=[request_type.key])
    query = f"?{urlencode(presets)}" if presets else ""
    return f"{Brand.default().base_url}{path}{query}"


def qr_code(address: str, kind: str) -> bytes:
    """The address as a picture, "svg" or "png": dark on white in every theme, since scanners want it so."""
    buffer = io.BytesIO()
    scale = _PNG_SCALE if kind == "png" else 5
    code = segno.make(address, error="m", micro=False)
    code.save(buffer, kind=kind, scale=scale, border=_QUIET_ZONE, dark="#000", light="#fff")
    return buffer.getvalue()


def qr_inline(address: str) -> str:
    """The picture as a data: address, for a page that shows many."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(scale=5, border=_QUIET_ZONE, dark="#000", light="#fff"))


def read_lines(text: str) -> list[tuple[str, str]]:
    """(value, label) of each line: "1204" or, with a word for the label, "1204 = Room 1204, Tower B".

    Empty lines and repeated values are left out. Raises `Invalid` for more than `MAX_CODES` or a line that is too long.
    """
    found: dict[str, str] = {}
    for raw in text.splitlines():
        if len(raw) > MAX_LINE:
            raise Invalid(_("Write at most %(limit)s characters on a line.") % {"limit": MAX_LINE})
        value, _sep, label = (clean_line(part) for part in raw.partition("="))
        if value:
            found.setdefault(value, label or value)
    if len(found) > MAX_CODES:
        raise Invalid(_("Make at most %(limit)s codes at a time.") % {"limit": MAX_CODES})
    return list(found.items())
