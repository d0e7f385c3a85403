"""Timelines: activity of one subject, newest first, by keyset, filtered by the viewer's rights in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor, ActorKind
from crm.core.sockets import activity_types, kinds

from .models import Activity, Anchor
from .recording import kind_of
from .sources import Shown, timeline_sources

#: A request examines at most this many anchors, then offers to look further back.
EXAMINE = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. sentence is translated; url opens the subject, empty on its own page."""

    id: int
    at: dt.datetime
    key: str
    icon: str
    tone: str
    sentence: str
    text: str
    card: bool
    actor_label: str
    actor_kind: int
    actor_id: int | None
    subject_kind: str
    subject_id: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of entries; `before` is the cursor of the next page, None at the end."""

    entries: Sequence[Entry]
    before: int | None


@dataclass(frozen=True, slots=True)
class Narrow:
    """Of a timeline, what one person did, or what happened from a moment until before another."""

    user_id: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def __bool__(self) -> bool:
        return self != Narrow()

    def of(self, places: Sequence[int]) -> set[int]:
        """Which of these activities it keeps. One query."""
        rows = Activity.objects.filter(pk__in=places)
        if self.user_id is not None:
            rows = rows.filter(actor_kind=ActorKind.STAFF, actor_id=self.user_id)
        if self.since is not None:
            rows = rows.filter(at__gte=self.since)
        if self.until is not None:
            rows = rows.filter(at__lt=self.until)
        return set(rows.values_list("pk", flat=True))


def timeline(
    viewer: Actor,
    subject: models.Model,
    *,
    before: int | None = None,
    limit: int = 30,
    types: Sequence[str] = (),
    narrow: Narrow | None = None,
) -> Timeline:
    """Activity anchored at the subject that the viewer may read. types: only those, e.g. one app's.

    An entry about another record also needs that record to be visible to the viewer.
    """
    kind, most = kind_of(subject), EXAMINE if narrow else min(EXAMINE, limit * 4 + 1)
    readable = [t.code for t in activity_types if _may_read(viewer, t) and (not types or t.key in types)]
    anchors = Anchor.objects.filter(kind=kind.code, object_id=subject.pk, type__in=readable)
    if before is not None:
        anchors = anchors.filter(activity_id__lt=before)
    examined = list(anchors.order_by("-activity_id")[:most])
    visible = _visible(viewer, kind.code, subject.pk, examined)
    own = {anchor.activity_id: None for anchor in examined if visible(anchor)}
    rows = _of_sources(viewer, kind.key, subject, before, most if narrow else limit + 1, types)
    found: dict[int, Shown | None] = {**rows, **own}
    reached = examined[-1].activity_id if len(examined) == most else 0
    places = sorted((place for place in found if place >= reached), reverse=True)
    if narrow:
        kept = narrow.of(places)
        places = [place for place in places if place in kept]
    del places[limit:]
    activities = Activity.objects.in_bulk(places)
    entries = [entry_of(activities[place], found[place]) for place in places if place in activities]
    cursor = places[-1] if len(places) == limit else reached or None
    return Timeline(entries, cursor)


def people_of(subject: models.Model) -> list[tuple[int, str]]:
    """Staff who did something with the record lately: (user id, name), by name. One query."""
    latest = Anchor.objects.filter(kind=kind_of(subject).code, object_id=subject.pk).order_by("-activity_id")
    rows = Activity.objects.filter(pk__in=latest.values("activity_id")[:500], actor_kind=ActorKind.STAFF)
    names = dict(rows.order_by("pk").values_list("actor_id", "actor_label"))
    return sorted(((pk, name) for pk, name in names.items() if pk is not None), key=lambda pair: pair[1])


def _of_sources(
    viewer: Actor, kind: str, subject: models.Model, before: int | None, limit: int, types: Sequence[str]
) -> dict[int, Shown | None]:
    """What mass verbs did to the record, by the place of their activity."""
    found: dict[int, Shown | None] = {}
    for source in timeline_sources:
        declared = activity_types[source.type]
        if source.on == kind and _may_read(viewer, declared) and (not types or source.type in types):
            found |= {row.activity_id: row for row in source.find(viewer, subject, before, limit)}
    return found


def entry_of(activity: Activity, shown: Shown | None = None) -> Entry:
    """The activity as a person reads it. shown: what it did to the one record that is looked at."""
    declared = activity.declared
    return Entry(
        id=activity.pk,
        at=activity.at,
        key=activity.key,
        icon=shown.icon if shown else declared.icon if declared else "history",
        tone=shown.tone if shown else declared.tone if declared else "neutral",
        sentence=shown.sentence if shown else sentence_of(activity),
        text=str(activity.data.get("text", "")),
        card=bool(declared and declared.card and activity.data.get("text")),
        actor_label=actor_name(activity),
        actor_kind=activity.actor_kind,
        actor_id=activity.actor_id,
        subject_kind=activity.kind_key,
        subject_id=activity.object_id,
        data=activity.data,
    )


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "--"


def sentence_of(activity: Activity) -> str:
    """The type's sentence in the active language, filled from the row; translated values may be dicts by language."""
    declared = activity.declared
    if declared is None:
        return str(_("An event of a part that is switched off"))
    from crm.core.translated import Translated

    values = {k: str(Translated(v)) if _is_text(v) else v for k, v in activity.data.items()}
    return str(declared.sentence) % _Values(actor=actor_name(activity), **values)


def _is_text(value: Any) -> bool:
    """Whether it is a text by language; what changed, for instance, is no text."""
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def actor_name(activity: Activity) -> str:
    """Who did it, as a person reads it."""
    if activity.actor_kind == ActorKind.SYSTEM:
        return str(_("The system"))
    if activity.actor_kind == ActorKind.GUEST and activity.actor_label == Actor.guest().label:
        return str(_("A visitor"))
    return activity.actor_label


def _may_read(viewer: Actor, declared: Any) -> bool:
    return not declared.permission or viewer.can(declared.permission)


def _visible(viewer: Actor, kind: int, object_id: int, anchors: Sequence[Anchor]) -> Callable[[Anchor], bool]:
    """A test per anchor: entries about other records count only when those are in the viewer's set. One query."""
    foreign: dict[int, set[int]] = {}
    for anchor in anchors:
        if (anchor.subject_kind, anchor.subject_id) != (kind, object_id):
            foreign.setdefault(anchor.subject_kind, set()).add(anchor.subject_id)
    seen: dict[int, set[int]] = {code: set() for code in foreign}
    parts = []
    for code, ids in foreign.items():
        declared = kinds.by_code(code)
        if declared is not None:
            rows = models_of(declared.model).objects.visible_to(viewer).filter(pk__in=ids).order_by()
            parts.append(rows.values_list(models.Value(code), "pk"))
    if parts:
        first, *others = parts
        for code, pk in first.union(*others, all=True):
            seen[code].add(pk)
    return lambda a: (a.subject_kind, a.subject_id) == (kind, object_id) or a.subject_id in seen[a.subject_kind]


def models_of(label: str) -> Any:
    """The model class of a kind's "app.Model"."""
    from django.apps import apps

    return apps.get_model(label)
