"""Verbs about roles."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import Role
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor, Scope
from crm.core.errors import Invalid, NotReady
from crm.core.history import audited
from crm.core.sockets import permissions

from ..rights import require_rights


@action(permission="console.manage_roles")
def create_role(*, actor: Actor, values: dict[str, Any]) -> Role:
    """values: name, description (translated), permissions (full names), scopes (module → Scope number),
    requires_two_step.

    Raises `BeyondOwnRights` for a right the actor does not hold, `Invalid` for a name nobody declares.
    """
    names, scopes = _checked(values.get("permissions", ()), values.get("scopes", {}))
    require_rights(actor, names, scopes)
    with audited(actor) as context:
        role = Role.objects.create(
            name=values["name"],
            description=values.get("description") or {},
            permissions=names,
            scopes=scopes,
            requires_two_step=values.get("requires_two_step", False),
        )
    _tell(actor, "console.role_created", role, context)
    return role


@action(permission="console.manage_roles")
def update_role(*, actor: Actor, record: Role, values: dict[str, Any]) -> Role:
    """Changes what is named in `values`, as in `create_role`. Only what is added must be the actor's own.

    Raises `NotReady` for the rights of an administrator role: it always opens everything.
    """
    role: Role = Role.objects.lock().get(pk=record.pk)
    if role.is_administrator and ("permissions" in values or "scopes" in values):
        raise NotReady(_("An administrator role opens everything; its rights cannot be changed."))
    names, scopes = _checked(values.get("permissions", role.permissions), values.get("scopes", role.scopes))
    added = set(names) - set(role.permissions)
    wider = {key: scope for key, scope in scopes.items() if scope > role.scope_for(key)}
    require_rights(actor, added, wider)
    with audited(actor) as context:
        role.name = values.get("name", role.name)
        role.description = values.get("description", role.description)
        role.requires_two_step = values.get("requires_two_step", role.requires_two_step)
        role.permissions, role.scopes = names, scopes
        role.save()
    _tell(actor, "console.role_updated", role, context)
    return role


def _checked(names: Any, scopes: Any) -> tuple[list[str], dict[str, int]]:
    """Sorted names and plain scopes. Names of parts that are switched off are kept as they are."""
    known = {Scope(scope).value for scope in Scope}
    for name in names:
        module = name.split(".", 1)[0]
        if module in permissions and name not in permissions.names:
            raise Invalid(_("%(name)s is no known right.") % {"name": name})
    if any(scope not in known for scope in scopes.values()):
        raise Invalid(_("Choose one of the offered data scopes."))
    return sorted(set(names)), {key: int(scope) for key, scope in scopes.items() if scope}


def _tell(actor: Actor, type: str, role: Role, context: Any) -> None:
    data = {"name": dict(role.name), "change": str(context.id)}
    record_activity(actor=actor, type=type, subject=role, data=data)
