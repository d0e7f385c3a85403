"""Verbs about departments and teams."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.accounts.models import Department, Team, TeamMembership, User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid
from crm.core.history import audited


@action(permission="console.manage_structure")
def create_department(*, actor: Actor, values: dict[str, Any]) -> Department:
    """values: name (translated), parent or None for a root, head (a user) or None."""
    with audited(actor) as context:
        department = Department.objects.create(
            name=values["name"], parent=values.get("parent"), head=values.get("head")
        )
    _tell(actor, "console.department_created", department, context)
    return department


@action(permission="console.manage_structure")
def update_department(*, actor: Actor, record: Department, values: dict[str, Any]) -> Department:
    """Renames or moves it, with all below, or names its head.

    Raises `Invalid` for a parent that is itself or below it.
    """
    list(Department.objects.lock())
    department = Department.objects.get(pk=record.pk)
    parent = values.get("parent", department.parent)
    if parent is not None:
        parent = Department.objects.get(pk=parent.pk)
        if parent.path.startswith(department.path):
            raise Invalid(fields={"parent": _("A department cannot lie below itself. Choose another parent.")})
    with audited(actor) as context:
        department.name, department.parent = values.get("name", department.name), parent
        department.head = values.get("head", department.head)
        department.save()
    _tell(actor, "console.department_updated", department, context)
    return department


@action(permission="console.manage_structure")
def create_team(*, actor: Actor, values: dict[str, Any]) -> Team:
    """values: name (translated), department, and any of is_active, moves_at_shift_end, members, supervisors (users)."""
    with audited(actor) as context:
        team = Team.objects.create(
            name=values["name"],
            department=values["department"],
            is_active=values.get("is_active", True),
            moves_at_shift_end=values.get("moves_at_shift_end", False),
        )
        _set_members(team, values)
    _tell(actor, "console.team_created", team, context)
    return team


@action(permission="console.manage_structure")
def update_team(*, actor: Actor, record: Team, values: dict[str, Any]) -> Team:
    """Changes what is named in `values`, as in `create_team`. A supervisor is always a member too."""
    team: Team = Team.objects.lock().get(pk=record.pk)
    with audited(actor) as context:
        for name in ("name", "department", "is_active", "moves_at_shift_end"):
            if name in values:
                setattr(team, name, values[name])
        team.save()
        _set_members(team, values)
    _tell(actor, "console.team_updated", team, context)
    return team


@action(permission="console.manage_structure")
def hand_over_supervision(*, actor: Actor, membership: TeamMembership, to: User) -> dict[str, Any]:
    """Makes somebody else supervisor in place of one who leaves; that one stays a member.

    Returns what `take_back_supervision` needs. Raises `Invalid` for somebody who cannot sign in, `Conflict` when
    the place is no supervisor's any more.
    """
    team: Team = Team.objects.lock().get(pk=membership.team_id)
    row = TeamMembership.objects.filter(pk=membership.pk, is_supervisor=True).first()
    if row is None:
        raise Conflict
    if not to.is_active:
        raise Invalid(_("Choose somebody who can sign in."))
    with audited(actor) as context:
        place, made = TeamMembership.objects.get_or_create(team=team, user=to)
        memory = {"team": team.pk, "to": to.pk, "made": made, "was": place.is_supervisor}
        place.is_supervisor, row.is_supervisor = True, False
        place.save(update_fields=["is_supervisor"])
        row.save(update_fields=["is_supervisor"])
    _tell(actor, "console.team_updated", team, context)
    return memory


@action(permission="console.manage_structure")
def take_back_supervision(*, actor: Actor, user: User, memory: dict[str, Any]) -> None:
    """The reverse of `hand_over_supervision`. Raises `Conflict` when either left the team meanwhile."""
    team: Team | None = Team.objects.lock().filter(pk=memory["team"]).first()
    rows = {row.user_id: row for row in TeamMembership.objects.filter(team=team)} if team else {}
    if team is None or user.pk not in rows or memory["to"] not in rows:
        raise Conflict
    with audited(actor) as context:
        rows[user.pk].is_supervisor = True
        rows[user.pk].save(update_fields=["is_supervisor"])
        if memory["made"]:
            rows[memory["to"]].delete()
        elif not memory["was"]:
            rows[memory["to"]].is_supervisor = False
            rows[memory["to"]].save(update_fields=["is_supervisor"])
    _tell(actor, "console.team_updated", team, context)


def _set_members(team: Team, values: dict[str, Any]) -> None:
    """Brings the memberships in line; a list that is not named stays as it is."""
    rows = {row.user_id: row for row in TeamMembership.objects.filter(team=team)}
    supervisors = {pk for pk, row in rows.items() if row.is_supervisor}
    members = set(rows)
    if "supervisors" in values:
        supervisors = {user.pk for user in values["supervisors"]}
    if "members" in values:
        members = {user.pk for user in values["members"]}
    members |= supervisors if "supervisors" in values else set()
    TeamMembership.objects.filter(team=team).exclude(user_id__in=members).delete()
    TeamMembership.objects.bulk_create(
        [TeamMembership(team=team, user_id=pk, is_supervisor=pk in supervisors) for pk in sorted(members - set(rows))]
    )
    for flag in (True, False):
        changed = [
            pk for pk in members & set(rows) if (pk in supervisors) is flag and rows[pk].is_supervisor is not flag
        ]
        TeamMembership.objects.filter(team=team, user_id__in=changed).update(is_supervisor=flag)


def _tell(actor: Actor, type: str, row: Department | Team, context: Any) -> None:
    anchors = [row.department] if isinstance(row, Team) else []
    data = {"name": dict(row.name), "change": str(context.id)}
    record_activity(actor=actor, type=type, subject=row, anchors=anchors, data=data)
