"""Refusals for machines, after RFC 9457 (problem details): the same shape wherever a call is refused."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, code: str, detail: str, fields: Mapping[str, str] | None = None, *, place: str = "pointer", **more: Any
) -> dict[str, Any]:
    """The members of a refusal. code: stays the same in every language; detail: a sentence in the caller's.

    fields: dotted path of a value → what is wrong with it; place: whether the paths are of the body ("pointer", RFC
    6901), or name a "parameter" of the address or a "header".
    """
    errors = [
        {place: pointer(path) if place == "pointer" else path, "detail": text} for path, text in (fields or {}).items()
    ]
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, "errors": errors,
            **more}  # fmt: skip


def pointer(path: str) -> str:
    """A dotted path as a JSON pointer in a URI fragment: "lines.1.quantity" → "#/lines/1/quantity"; "" for all."""
    parts = [part.replace("~", "~0").replace("/", "~1") for part in path.split(".") if path]
    return "#" + "".join(f"/{part}" for part in parts)
