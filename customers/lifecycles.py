"""The socket of what hangs on a customer or contact: what happens to it when two become one, and the way back.

Fill `<app>/lifecycle.py` for each foreign key to Customer or Contact, and for each row that names one by kind and id:

    lifecycles.register(moving("tickets.customer", "customer", _("Tickets"), "tickets.Ticket.customer"))

A test finds foreign keys that nobody claims.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, kinds

Text = Any  # str or a lazy translation
Of = Literal["customer", "contact"]
#: What undoing needs, as JSON.
Memory = Any


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What belongs to a customer or contact. label: what is counted for whoever is about to merge, "" for nothing.

    merge(old, new) gives what belongs to the record `old` to `new` and returns what undo(old, new, memory) needs to
    give it back; undo returns sentences that say what stands in the way, none when all is as before. claims: the
    foreign keys it answers for, as "app.Model.field".
    """

    key: str
    of: Of
    label: Text
    merge: Callable[[int, int], Memory]
    undo: Callable[[int, int, Memory], list[str]]
    claims: Sequence[str] = ()
    count: Callable[[int], int] | None = None
    order: int = 50


lifecycles: Registry[Lifecycle] = Registry("lifecycles", survives=True)
ALL_REGISTRIES.append(lifecycles)


def moving(
    key: str,
    of: Of,
    label: Text,
    path: str,
    *,
    stays: Callable[[int], Q] | None = None,
    kind_column: str = "",
    order: int = 50,
) -> Lifecycle:
    """Rows that simply go over. path: "app.Model.column" of the foreign key or, with `kind_column`, of a plain id.

    stays(new): rows that would clash with what `new` has already; they stay with the old record, which is kept.
    """
    model_name, column = path.rsplit(".", 1)
    is_key = not kind_column
    attname = f"{column}_id" if is_key else column

    def rows(record_id: int) -> Any:
        own = apps.get_model(model_name)._base_manager.filter(**{attname: record_id})
        return own if is_key else own.filter(**{kind_column: kinds[of].code})

    def merge(old: int, new: int) -> list[int]:
        found = rows(old) if stays is None else rows(old).exclude(stays(new))
        ids = list(found.order_by("pk").values_list("pk", flat=True))
        apps.get_model(model_name)._base_manager.filter(pk__in=ids).update(**{attname: new})
        return ids

    def undo(old: int, new: int, memory: list[int]) -> list[str]:
        back = rows(new).filter(pk__in=memory).update(**{attname: old})
        return [] if back == len(memory) else [gone(label or model_name, len(memory) - back)]

    count = (lambda record_id: int(rows(record_id).count())) if label else None
    claims = (path,) if is_key else ()
    return Lifecycle(key, of, label, merge, undo, claims, count, order)


def gone(label: Text, count: int) -> str:
    """The sentence for rows that were deleted or moved elsewhere since."""
    return _("%(what)s: %(count)s were deleted or moved since") % {"what": label, "count": count}


def merged(of: Of, old: int, new: int) -> dict[str, Memory]:
    """Gives everything of a record to another, in order. Returns key → memory."""
    return {entry.key: entry.merge(old, new) for entry in lifecycles if entry.of == of}


def unmerged(of: Of, old: int, new: int, memory: dict[str, Memory]) -> list[str]:
    """Gives everything back, last first. Returns what stands in the way; the caller then rolls back."""
    known = [entry for entry in lifecycles if entry.of == of and entry.key in memory]
    return [reason for entry in reversed(known) for reason in entry.undo(old, new, memory[entry.key])]


def counts(of: Of, record_id: int) -> list[tuple[Text, int]]:
    """What would move, in words, without what there is none of."""
    found = [(entry.label, entry.count(record_id)) for entry in lifecycles if entry.of == of and entry.count]
    return [(label, number) for label, number in found if number]
