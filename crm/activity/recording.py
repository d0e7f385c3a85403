"""Writing activity: one call inside the verb's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from crm.core import clock
from crm.core.actor import Actor
from crm.core.registry import RegistryError
from crm.core.sockets import ActivityType, Kind, activity_types, kinds
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
    declared: ActivityType = activity_types[type]
    subject_kind = kind_of(subject)
    lane = "bulk" if is_quiet() else declared.lane
    quiet = {"quiet": True} if is_quiet() else {}
    activity = Activity.objects.create(
        type=declared.code,
        kind=subject_kind.code,
        object_id=subject.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        on_behalf_of_id=actor.on_behalf_of.id if actor.on_behalf_of else None,
        at=clock.now(),
        data={"v": 1, **(data or {}), **quiet},
    )
    places = {(subject_kind.code, subject.pk)}
    places |= {(kind_of(anchor).code, anchor.pk) for anchor in anchors if anchor is not None}
    Anchor.objects.bulk_create(
        Anchor(
            kind=kind,
            object_id=object_id,
            activity_id=activity.pk,
            type=declared.code,
            subject_kind=subject_kind.code,
            subject_id=subject.pk,
        )
        for kind, object_id in sorted(places)
    )
    Outbox.objects.create(lane=lane, activity_id=activity.pk, order_key=f"{subject_kind.key}:{subject.pk}")
    enqueue_on_commit("activity.dispatch", lane, queue="urgent" if lane == "urgent" else "default")
    return activity
