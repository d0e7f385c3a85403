"""The audit log: every deed on record, newest first, by keyset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.activity.models import Activity
from crm.activity.selectors import Entry, entry_of
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import activity_types, kinds

from .history import Change, changes_in

PAGE, EXPORT_ROWS = 50, 20_000

#: Several types at once, by the last word of their keys: what left the house, what went and came back.
GROUPS: dict[str, tuple[Any, Callable[[str], bool]]] = {
    "console.*": (_("Settings and sign-in"), lambda key: key.startswith("console.")),
    "sign_ins": (
        _("Sign-ins"),
        lambda key: key.startswith(
            (
                "console.signed",
                "console.sign_in",
                "console.password",
                "console.two_step",
                "console.recovery",
                "console.sessions",
                "portal.signed",
                "portal.code",
            )
        ),
    ),
    "changes": (
        _("Changes of records and settings"),
        lambda key: key.endswith(
            (
                "updated",
                "changed",
                "created",
                "edited",
                "set",
                "added",
                "removed",
                "erased",
                "deleted",
                "restored",
                "merged",
                "imported",
            )
        ),
    ),
    "exports": (_("Exports"), lambda key: key.endswith("exported")),
    "deletions": (
        _("Deletions and restores"),
        lambda key: key.endswith(("deleted", "removed", "erased", "restored")),
    ),
}
#: Later days are taken for this one: the calendar ends before the one after its last.
LAST_DAY = dt.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line: the entry, its event's label, the record it is about, and field changes made with it."""

    entry: Entry
    label: Any
    kind_label: Any
    url: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of lines. before: the cursor of the next one, None at the end."""

    rows: Sequence[AuditRow]
    before: int | None


def audit_log(viewer: Actor, filters: Mapping[str, Any], before: int | None = None) -> AuditPage:
    """A page of the log, at most 20 queries. Raises `NotAllowed`.

    filters: q, actor, type (or a key of `GROUPS`), kind, object (an id), since, until, entry (an activity's id).
    Entries of a type that the viewer has no right to read are left out.
    """
    rows = audited_activity(viewer, filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    changes = changes_in(viewer, [activity.data["change"] for activity in shown if activity.data.get("change")])
    lines = [_row(activity, changes.get(str(activity.data.get("change", "")), [])) for activity in shown]
    return AuditPage(lines, shown[-1].pk if len(found) > PAGE else None)


def export_rows(viewer: Actor, filters: Mapping[str, Any]) -> Iterator[list[str]]:
    """Lines for a file, newest first, `EXPORT_ROWS` at most: moment (UTC), actor, event, record, sentence."""
    for activity in audited_activity(viewer, filters).order_by("-pk")[:EXPORT_ROWS].iterator(chunk_size=1000):
        row = _row(activity, [])
        entry = row.entry
        record = f"{row.kind_label} {entry.subject_id}"
        yield [
            entry.at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            entry.actor_label,
            str(row.label),
            record,
            entry.sentence,
        ]


def audited_activity(viewer: Actor, filters: Mapping[str, Any]) -> QuerySet[Activity]:
    """The rows behind a page or a file, not ordered."""
    viewer.require("console.view_audit")
    readable = [t for t in activity_types if not t.permission or viewer.can(t.permission)]
    wanted = str(filters.get("type") or "")
    if wanted in GROUPS:
        _label, holds = GROUPS[wanted]
        readable = [t for t in readable if holds(t.key)]
    elif wanted:
        readable = [t for t in readable if t.key == wanted]
    rows = Activity.objects.filter(type__in=[t.code for t in readable])
    if filters.get("entry"):
        rows = rows.filter(pk=filters["entry"])
    if filters.get("actor"):
        by_hand = Q(actor_kind=ActorKind.STAFF, actor_id=filters["actor"].pk)
        rows = rows.filter(by_hand | Q(actor_kind=ActorKind.TOKEN, on_behalf_of_id=filters["actor"].pk))
    if filters.get("q"):
        rows = rows.filter(actor_label__icontains=filters["q"])
    if filters.get("kind"):
        rows = rows.filter(kind=kinds[filters["kind"]].code)
    if filters.get("object"):
        rows = rows.filter(object_id=filters["object"])
    if filters.get("since"):
        rows = rows.filter(at__gte=midnight(filters["since"]))
    if filters.get("until"):
        rows = rows.filter(at__lt=midnight(min(filters["until"], LAST_DAY) + dt.timedelta(days=1)))
    return rows


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of the day in the active zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _row(activity: Activity, changes: Sequence[Change]) -> AuditRow:
    kind = kinds.by_code(activity.kind)
    declared = activity.declared
    return AuditRow(
        entry=entry_of(activity),
        label=declared.label if declared else activity.type,
        kind_label=kind.label if kind else activity.kind,
        url=_url(kind, activity.object_id),
        changes=changes,
    )


def _url(kind: Any, object_id: int) -> str:
    """The record's page where its address is made from the id."""
    if kind is None or not kind.url_name or kind.url_field != "pk":
        return ""
    try:
        return reverse(kind.url_name, args=[object_id])
    except NoReverseMatch:
        return ""
