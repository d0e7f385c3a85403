"""Values before and after, from the snapshots that database triggers keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from crm.accounts.models import Department, Role, Team, TeamMembership, User, UserRole
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.sockets import permissions
from crm.core.translated import Translated
from crm.ui.html import EMPTY

#: The audited models, and the rows that belong to one by a foreign key of that name.
TRACKED = (User, Role, Team, TeamMembership, Department, Brand, UserRole)
_BELONGING: dict[type[Model], tuple[tuple[type[Model], str], ...]] = {
    User: ((UserRole, "user_id"), (TeamMembership, "user_id")),
    Team: ((TeamMembership, "team_id"),),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row: what it was and what it became. context: joins it to the activity's `data.change`."""

    at: dt.datetime
    context: str
    actor: str
    field: str
    before: str
    after: str


def changes_of(viewer: Actor, record: Model, limit: int = 50) -> list[Change]:
    """Field changes of a record and what belongs to it, newest first. Needs `console.view_audit`."""
    viewer.require("console.view_audit")
    found = _changes(type(record), _events(type(record)).filter(pgh_obj_id=record.pk), limit)
    for model, column in _BELONGING.get(type(record), ()):
        found += _changes(model, _events(model).filter(**{column: record.pk}), limit)
    return sorted(found, key=lambda change: change.at, reverse=True)[:limit]


def changes_in(viewer: Actor, contexts: Sequence[str]) -> dict[str, list[Change]]:
    """Field changes by the context they were made in, for a page of the audit log."""
    viewer.require("console.view_audit")
    found: dict[str, list[Change]] = {}
    if contexts:
        for model in TRACKED:
            for change in _changes(model, _events(model).filter(pgh_context_id__in=contexts), 500):
                found.setdefault(change.context, []).append(change)
    return found


def _event_model(model: type[Model]) -> type[Model]:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def _events(model: type[Model]) -> QuerySet[Any]:
    return _event_model(model)._default_manager.select_related("pgh_context").order_by("-pgh_id")


def _changes(model: type[Model], events: QuerySet[Any], limit: int) -> list[Change]:
    """The events as changes of fields; an update is compared with the snapshot before it."""
    if model is UserRole:
        return [_role_change(event) for event in events.select_related("role")[:limit]]
    if model is TeamMembership:
        return [_member_change(event) for event in events.select_related("team", "user")[:limit]]
    earlier = _event_model(model)._default_manager.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    )
    rows = list(events.annotate(previous_id=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))[:limit])
    previous = _event_model(model)._default_manager.in_bulk([row.previous_id for row in rows if row.previous_id])
    return [change for row in rows for change in _compare(model, row, previous.get(row.previous_id))]


def _compare(model: type[Model], row: Any, before: Any) -> Iterable[Change]:
    if row.pgh_label == "insert":
        return
    for field in model._meta.concrete_fields:
        if field.primary_key or not field.editable or not hasattr(row, field.attname):
            continue
        old = getattr(before, field.attname, None) if before is not None else None
        new = getattr(row, field.attname) if row.pgh_label == "update" else None
        if old != new and not (before is None and row.pgh_label == "update"):
            yield _change(row, str(field.verbose_name), *_shown(field, old, new))


def _shown(field: Any, old: Any, new: Any) -> tuple[str, str]:
    """Both values as a person reads them; of a list only what differs."""
    if isinstance(old, list) and isinstance(new, list):
        gone, come = set(old) - set(new), set(new) - set(old)
        return ", ".join(sorted(map(_right, gone))) or EMPTY, ", ".join(sorted(map(_right, come))) or EMPTY
    return _text(field, old), _text(field, new)


def _right(name: str) -> str:
    module = name.split(".", 1)[0]
    if name not in permissions.names:
        return name
    return f"{permissions[module].label}: {permissions.label(name)}"


def _text(field: Any, value: Any) -> str:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Translated):
        return " / ".join(text for text in value.values() if text) or EMPTY
    if isinstance(value, dict):
        return ", ".join(f"{key}: {entry}" for key, entry in sorted(value.items())) or EMPTY
    if field.is_relation:
        related = field.related_model._default_manager.filter(pk=value).first()
        return str(related) if related else f"#{value}"
    return str(value)


def _role_change(event: Any) -> Change:
    added = event.pgh_label == "role_added"
    return _change(event, _("role"), EMPTY if added else str(event.role), str(event.role) if added else EMPTY)


def _member_change(event: Any) -> Change:
    supervisor = _("supervisor")
    place = f"{event.user} · {event.team}" + (f" ({supervisor})" if event.is_supervisor else "")
    before, after = (place, EMPTY) if event.pgh_label == "delete" else (EMPTY, place)
    return _change(event, _("team member"), before, after)


def _change(event: Any, field: str, before: str, after: str) -> Change:
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    return Change(
        event.pgh_created_at, str(event.pgh_context_id or ""), metadata.get("actor", EMPTY), field, before, after
    )
