"""Reads of a person's notifications."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.accounts.models import User
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import NotificationKind, kinds, notification_kinds
from crm.core.translated import Translated

from .choices import channels_of
from .models import Delivery, Mute, Notification, NotificationChoice, PushKey, PushSubscription

#: A record: its stored kind number and its id.
Subject = tuple[int, int]

BELL_LINES = 10
PAGE_LINES = 50
MUTED_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A notification as its reader sees it.

    A record that is gone or no longer the reader's to see leaves no link and no word of what happened:
    `is_gone`. actor is "" for deeds of the system.
    is_muted: the reader hears nothing more of the record.
    """

    id: int
    subject: Subject
    sentence: str
    text: str
    group: str
    actor: str
    icon: str
    url: str
    is_gone: bool
    count: int
    unread: bool
    at: dt.datetime
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and the cursor of the next page: "" at the end."""

    lines: Sequence[Line]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A reason to be told, with the unread lines of it. key is the same in every language."""

    key: str
    label: str
    unread: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of a person's matrix. is_own: they chose it; else it is the kind's default."""

    key: str
    label: str
    in_app: bool
    mail: bool
    push: bool
    urgent: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class MutedRecord:
    """A muted record: the mute's id, what kind of record it is, and its name."""

    id: int
    kind: str
    name: str


def unread_count(user_id: int | None) -> int:
    """How many unread lines; one look into a partial index, cheap enough for every pulse."""
    return Notification.objects.filter(user_id=user_id, unread=True, in_app=True).count() if user_id else 0


def page_of(
    viewer: Actor, *, group: str = "", unread_only: bool = False, before: str = "", limit: int = PAGE_LINES
) -> Page:
    """A page of the viewer's lines, newest first. group: a `Group.key`; before: the last page's cursor.

    An unknown group or cursor is as good as none.
    """
    rows = Notification.objects.visible_to(viewer)
    if kinds := [entry.key for entry in notification_kinds if group and group_key(entry) == group]:
        rows = rows.filter(kind__in=kinds)
    if unread_only:
        rows = rows.unread()
    if mark := _mark(before):
        rows = rows.filter(Q(updated_at__lt=mark[0]) | Q(updated_at=mark[0], pk__lt=mark[1]))
    found = list(rows.order_by("-updated_at", "-pk")[: limit + 1])
    shown = found[:limit]
    cursor = f"{shown[-1].updated_at.isoformat()}_{shown[-1].pk}" if len(found) > limit else ""
    return Page(lines_of(viewer, shown), cursor)


def groups_of(viewer: Actor) -> list[Group]:
    """The reasons with unread lines, in the order of the kinds."""
    counts = Notification.objects.visible_to(viewer).unread().values_list("kind").annotate(Count("pk"))
    by_kind = dict(counts)
    totals: dict[str, Group] = {}
    for entry in notification_kinds:
        if count := by_kind.get(entry.key):
            key = group_key(entry)
            so_far = totals[key].unread if key in totals else 0
            totals[key] = Group(key, str(entry.group), so_far + count)
    return list(totals.values())


def group_key(declared: NotificationKind) -> str:
    """The group's name in addresses, from its English label."""
    with override("en"):
        return slugify(str(declared.group))


def matrix_of(viewer: Actor) -> list[tuple[str, list[MatrixRow]]]:
    """Groups of kinds that the viewer may be told of, with the channels in use. One query."""
    chosen = {choice.kind: choice for choice in NotificationChoice.objects.visible_to(viewer)}
    groups: dict[str, tuple[str, list[MatrixRow]]] = {}
    for entry in notification_kinds:
        if not entry.permission or viewer.can(entry.permission):
            own = chosen.get(entry.key)
            row = MatrixRow(entry.key, str(entry.label), *channels_of(entry, own), entry.urgent, own is not None)
            groups.setdefault(group_key(entry), (str(entry.group), []))[1].append(row)
    return list(groups.values())


def delivery_of(user: User) -> Delivery:
    """When mail may come to the user, in the zone they live in now; unsaved where they never said."""
    row = Delivery.objects.filter(user=user).first() or Delivery(user=user)
    row.zone = user.timezone
    return row


def push_key() -> str:
    """The public key that browsers subscribe with; "" before the seeds have run."""
    return PushKey.objects.values_list("public", flat=True).first() or ""


def devices_of(viewer: Actor) -> QuerySet[PushSubscription]:
    """The viewer's browsers that take push messages, the latest first."""
    return PushSubscription.objects.visible_to(viewer)


def muted_of(viewer: Actor) -> list[MutedRecord]:
    """The last hundred records that the viewer muted and may still see."""
    mutes = list(Mute.objects.visible_to(viewer)[:MUTED_SHOWN])
    found = {
        (code, record.pk): str(record)
        for code, rows in _visible(viewer, {(mute.subject_kind, mute.object_id) for mute in mutes})
        for record in rows
    }
    return [
        MutedRecord(mute.pk, str(kinds.by_code(mute.subject_kind).label), name)
        for mute in mutes
        if (name := found.get((mute.subject_kind, mute.object_id))) is not None
    ]


def _mark(cursor: str) -> tuple[dt.datetime, int] | None:
    moment, _underscore, row_id = cursor.rpartition("_")
    try:
        at = dt.datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(row_id)) if row_id.isdecimal() and len(row_id) < 19 and at.tzinfo else None


def lines_of(viewer: Actor, rows: Sequence[Notification]) -> list[Line]:
    """The rows as the viewer may see them now, in the active language."""
    open_ids = _open_ids(viewer, {(row.subject_kind, row.object_id) for row in rows})
    muted = set(_mutes_of(viewer, rows))
    return [
        _line(viewer, row, (row.subject_kind, row.object_id) in open_ids, (row.subject_kind, row.object_id) in muted)
        for row in rows
    ]


def _mutes_of(viewer: Actor, rows: Sequence[Notification]) -> Iterable[Subject]:
    ids = {row.object_id for row in rows}
    return Mute.objects.visible_to(viewer).filter(object_id__in=ids).values_list("subject_kind", "object_id")


def _open_ids(viewer: Actor, subjects: Iterable[Subject]) -> set[Subject]:
    """The records that still exist and that the viewer may see; one query a kind."""
    return {(code, pk) for code, rows in _visible(viewer, subjects) for pk in rows.values_list("pk", flat=True)}


def _visible(viewer: Actor, subjects: Iterable[Subject]) -> Iterator[tuple[int, QuerySet[Any]]]:
    """For each kind number the rows of these that the viewer may see."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for code, object_id in subjects:
        wanted[code].add(object_id)
    for code, ids in wanted.items():
        if (entry := kinds.by_code(code)) is not None:
            yield code, apps.get_model(entry.model).objects.visible_to(viewer).filter(pk__in=ids)


def _line(viewer: Actor, row: Notification, is_open: bool, is_muted: bool) -> Line:
    declared = row.declared
    may_know = declared is not None and (not declared.permission or viewer.can(declared.permission))
    is_shown = is_open and may_know
    by_system = row.data.get("actor_kind") == ActorKind.SYSTEM
    return Line(
        id=row.pk,
        subject=(row.subject_kind, row.object_id),
        sentence=_sentence(declared, row.data) if is_shown else str(declared.label if declared else _("Notification")),
        text=str(row.data.get("text", "")) if is_shown else "",
        group=str(declared.group) if declared else "",
        actor="" if by_system or not is_shown else str(row.data.get("actor", "")),
        icon=row.subject_entry.icon if row.subject_entry else "notification",
        url=row.url if is_shown else "",
        is_gone=not is_shown,
        count=row.count,
        unread=row.unread,
        at=row.updated_at,
        is_muted=is_muted,
    )


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "--"


def _sentence(declared: NotificationKind, data: Mapping[str, Any]) -> str:
    """The kind's sentence in the reader's language; a value may be a text by language."""
    values = {key: str(Translated(value)) if isinstance(value, dict) else value for key, value in data.items()}
    if data.get("actor_kind") == ActorKind.SYSTEM:
        values["actor"] = _("The system")
    return str(declared.sentence) % _Values(values) if declared.sentence else str(declared.label)
