"""Lists by keyset: a page begins after the last row of the one before, however far that is and whatever comes in."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from .fields import MAX_ID

DEFAULT_LIMIT, MAX_LIMIT = 50, 100


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; cursor: where the next begins, "" at the end."""

    rows: list[Any]
    cursor: str


def page_of(rows: QuerySet[Any], *, order: str, columns: Mapping[str, str], cursor: str, limit: int) -> Page:
    """The page of rows after the cursor. order: a name of `columns`, "-" before it for descending.

    Columns hold no NULL. One query. Raises `ValidationError` for an order or cursor that means nothing.
    """
    name, down = order.removeprefix("-"), order.startswith("-")
    if name not in columns:
        offered = ", ".join(columns)
        raise ValidationError({"ordering": [_("Order by one of: %(names)s.") % {"names": offered}]})
    column, sign = columns[name], "-" if down else ""
    if cursor:
        rows = rows.filter(_after(rows, column, down, *_read(rows, column, order, cursor)))
    by = [f"{sign}{column}"] if column == "pk" else [f"{sign}{column}", f"{sign}pk"]
    found = list(rows.order_by(*by)[: limit + 1])
    if len(found) <= limit:
        return Page(found, "")
    last = found[limit - 1]
    return Page(found[:limit], _write(order, getattr(last, column), last.pk))


def limit_of(text: str) -> int:
    """The page size asked for. Raises `ValidationError`."""
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MAX_LIMIT):
        raise ValidationError({"limit": [_("Enter a number from 1 to %(most)s.") % {"most": MAX_LIMIT}]})
    return int(text)


def _after(rows: QuerySet[Any], column: str, down: bool, value: Any, pk: int) -> Q:
    word = "lt" if down else "gt"
    if column == "pk":
        return Q(**{f"pk__{word}": pk})
    beyond = Q(**{f"{column}__{word}": value}) | Q(**{column: value, f"pk__{word}": pk})
    return Q(**{f"{column}__{word}e": value}) & beyond  # the first term lets the index find the start


def _write(order: str, value: Any, pk: int) -> str:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return base64.urlsafe_b64encode(json.dumps([order, text, pk]).encode()).decode().rstrip("=")


def _read(rows: QuerySet[Any], column: str, order: str, cursor: str) -> tuple[Any, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, text, pk = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if made_for != order or type(pk) is not int or not 0 < pk <= MAX_ID or not isinstance(text, str):
            raise ValueError
        field = rows.model._meta.pk if column == "pk" else rows.model._meta.get_field(column)
        value = field.to_python(text)
        if "\x00" in text or value is None:
            raise ValueError
        return value, pk
    except (ValueError, TypeError, ModelError, binascii.Error, RecursionError) as error:
        raise ValidationError({"cursor": [_("This is no cursor of this list. Begin without one.")]}) from error
