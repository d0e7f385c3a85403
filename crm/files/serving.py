"""Sending a stored content: always as a download, never as something a browser would run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from .models import Attachment
from .sniffing import TEXT

_CHUNK_BYTES = 65_536
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


def download(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The whole content or the one range the client asked for (RFC 9110 §14), named as RFC 6266 says."""
    blob = attachment.blob
    span = _span(request.headers.get("Range", ""), blob.size)
    if span is None:
        return _dress(HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}"}), attachment)
    start, end = span
    whole = "Range" not in request.headers or (start, end) == (0, blob.size - 1)
    body: object = b"" if request.method == "HEAD" else _slice(default_storage.open(blob.storage_name), start, end)
    response = FileResponse(body, status=200 if whole else 206, content_type=_content_type(blob.media_type))
    response["Content-Length"] = str(end - start + 1)
    if not whole:
        response["Content-Range"] = f"bytes {start}-{end}/{blob.size}"
    return _dress(response, attachment)


def picture(content: File[Any]) -> HttpResponseBase:
    """A re-encoded picture, the only thing shown in the page."""
    response = FileResponse(content, content_type="image/webp")
    for name, value in {**_HEADERS, "Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}.items():
        response[name] = value
    return response


def _dress(response: HttpResponseBase, attachment: Attachment) -> HttpResponseBase:
    for name, value in _HEADERS.items():
        response[name] = value
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    return response


def _content_type(media_type: str) -> str:
    """Text goes out without a charset that a browser could act on."""
    return "application/octet-stream" if media_type == TEXT else media_type


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte to send; the whole for no, several or malformed ranges; None when out of reach."""
    match = _RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return 0, size - 1
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    start, end = int(first), min(int(last or size - 1), size - 1)
    if start >= size:
        return None
    return (start, end) if start <= end else (0, size - 1)


def _slice(file: File[Any], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (chunk := file.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
