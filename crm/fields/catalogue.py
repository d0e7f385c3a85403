"""The custom fields as a process keeps them: read once, and again when their stamp in the database has changed.

A change is seen at once by the process that made it and within `RECHECK_SECONDS` by every other; a page that shows
answers asks the database nothing for the fields themselves in between.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction

from crm.core.sockets import kinds

from .models import CustomField, FieldsVersion

T = TypeVar("T")
#: How long a process trusts what it knows before it asks for the stamp, in seconds.
RECHECK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every custom field under one stamp, and what was built from them."""

    stamp: Any
    by_kind: Mapping[int, tuple[CustomField, ...]]
    _built: dict[Any, Any] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[CustomField, ...]:
        """The fields of a Kind key, those switched off too, in their order."""
        return self.by_kind.get(kinds[kind].code, ())

    def built(self, build: Callable[[Snapshot], T]) -> T:
        """What `build` makes of this snapshot, made once."""
        if build not in self._built:
            self._built[build] = build(self)
        return self._built[build]  # type: ignore[no-any-return]


@dataclass(slots=True)
class _Kept:
    snapshot: Snapshot | None = None
    checked_at: float = 0.0


_kept = _Kept()


def current() -> Snapshot:
    """The fields as they are now. No query while the last look is fresh, one for the stamp, two after a change."""
    now = time.monotonic()
    if _kept.snapshot is None or now - _kept.checked_at > RECHECK_SECONDS:
        stamp = FieldsVersion.objects.values_list("stamp", flat=True).first()
        if _kept.snapshot is None or _kept.snapshot.stamp != stamp:
            _kept.snapshot = _read(stamp)
        _kept.checked_at = now
    return _kept.snapshot


def fields_of(kind: str) -> tuple[CustomField, ...]:
    """The fields in use of a Kind key, such as "ticket", in their order."""
    return tuple(entry for entry in current().of(kind) if entry.is_active)


def forget() -> None:
    """The next look reads the database."""
    _kept.snapshot = None


def changed() -> None:
    """To be called by whoever changes a field, inside the transaction: every process will notice."""
    FieldsVersion.objects.update_or_create(pk=FieldsVersion.ONLY, defaults={"stamp": uuid.uuid4()})
    forget()
    transaction.on_commit(forget)


def _read(stamp: Any) -> Snapshot:
    found: dict[int, list[CustomField]] = defaultdict(list)
    for entry in CustomField.objects.all():
        found[entry.kind].append(entry)
    return Snapshot(stamp, {kind: tuple(entries) for kind, entries in found.items()})
