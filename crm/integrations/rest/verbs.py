"""What a resource can do with one record besides reading and changing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.core.sockets import Text


@dataclass(frozen=True, slots=True)
class Verb:
    """POST <record>/<name>/ with `asks` as its body; or, for a part, GET <record>/<name>/ with a page of `gives`.

    gives: what it answers with, None for the record itself. permission: shown in the description; the action asks it.
    """

    name: str
    summary: Text
    asks: Any = None
    gives: Any = None
    permission: str = ""
    is_part: bool = False
    status: int = 200


def verb(
    summary: Text, *, asks: Any = None, gives: Any = None, permission: str = "", status: int = 200
) -> Callable[[Any], Any]:
    """Marks `method(self, row, values) -> result` as a verb; its name is the method's, with hyphens."""

    def mark(method: Any) -> Any:
        name = method.__name__.replace("_", "-")
        method.declared = Verb(name, summary, asks, gives, permission, status=status)
        return method

    return mark


def part(summary: Text, *, gives: Any, permission: str = "") -> Callable[[Any], Any]:
    """Marks `method(self, row) -> queryset` as a list that belongs to a record, in the order of ids."""

    def mark(method: Any) -> Any:
        method.declared = Verb(method.__name__.replace("_", "-"), summary, None, gives, permission, is_part=True)
        return method

    return mark
