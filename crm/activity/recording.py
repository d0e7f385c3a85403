"""Writing activity: one call inside the verb's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from crm.core import clock
from crm.core.actor import Actor
from crm.core.registry import RegistryError
from crm.core.sockets import Kind, activity_types, kinds
from crm.jobs.broker import enqueue_on_commit

from .models import Activity, Anchor, Outbox

_KIND_BY_MODEL: dict[str, Kind] = {}
_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quietly(on: bool = True) -> Iterator[None]:
    """What is recorded in this block is one of thousands: it takes the bulk lane and tells nobody.

    History, search and every other subscriber still get it; `notifications.notify` does nothing, here and when the
    activity is delivered later. Imports write their rows so. on: False changes nothing.
    """
    token = _QUIET.set(on or _QUIET.get())
    try:
        yield
    finally:
        _QUIET.reset(token)


def is_quiet() -> bool:
    """Whether nobody is to be told of what happens now."""
    return _QUIET.get()


def kind_of(subject: models.Model | type[models.Model]) -> Kind:
    """The declared kind of a model or row. Raises `RegistryError` when none declares it."""
    if not _KIND_BY_MODEL:
        _KIND_BY_MODEL.update({entry.model.lower(): entry for entry in kinds})
    try:
        return _KIND_BY_MODEL[subject._meta.label_lower]
    except KeyError:
        raise RegistryError(f"{subject._meta.label} has no kind; declare one in kinds.py") from None


@dataclass(frozen=True, slots=True)
class Deed:
    """One activity to be written. subject is an anchor too; `None` among the anchors is left out."""

    type: str
    subject: models.Model
    anchors: Sequence[models.Model | None] = ()
    data: dict[str, Any] = field(default_factory=dict)


def record(
    *,
    actor: Actor,
    type: str,
    subject: models.Model,
    anchors: Iterable[models.Model | None] = (),
    data: dict[str, Any] | None = None,
) -> Activity:
    """Writes the activity, its anchors and its outbox row, and wakes the lane's dispatcher after commit.

    subject is an anchor too; `None` among the anchors is left out. Raises `KeyError` for an undeclared type.
    """
    return record_many(actor=actor, deeds=[Deed(type, subject, list(anchors), data or {})])[0]


def record_many(*, actor: Actor, deeds: Sequence[Deed]) -> list[Activity]:
    """`record` for many deeds of one actor, in three statements however many they are; in the order given."""
    quiet = {"quiet": True} if is_quiet() else {}
    kinds_of = [kind_of(deed.subject) for deed in deeds]
    now = clock.now()
    found = Activity.objects.bulk_create(
        Activity(
            type=activity_types[deed.type].code,
            kind=kind.code,
            object_id=deed.subject.pk,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label[:200],
            on_behalf_of_id=actor.on_behalf_of.id if actor.on_behalf_of else None,
            at=now,
            data={"v": 1, **deed.data, **quiet},
        )
        for deed, kind in zip(deeds, kinds_of, strict=True)
    )
    told = list(zip(found, deeds, kinds_of, strict=True))
    Anchor.objects.bulk_create(
        Anchor(
            kind=code, object_id=pk, activity_id=row.pk, type=row.type,
            subject_kind=kind.code, subject_id=row.object_id,
        )
        for row, deed, kind in told for code, pk in sorted(_places(deed, kind))
    )  # fmt: skip
    lanes = ["bulk" if quiet else activity_types[deed.type].lane for deed in deeds]
    Outbox.objects.bulk_create(
        Outbox(lane=lane, activity_id=row.pk, order_key=f"{kind.key}:{row.object_id}")
        for lane, (row, _deed, kind) in zip(lanes, told, strict=True)
    )
    for lane in sorted(set(lanes)):
        enqueue_on_commit("activity.dispatch", lane, queue="urgent" if lane == "urgent" else "default")
    return found


def _places(deed: Deed, kind: Kind) -> set[tuple[int, int]]:
    """(kind, id) of everything on whose timeline it stands."""
    return {(kind.code, deed.subject.pk)} | {(kind_of(each).code, each.pk) for each in deed.anchors if each is not None}
