"""Verbs about users: invite, change, suspend, restore, end sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Role, Team, TeamMembership, User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady
from crm.core.history import audited

from ..exceptions import OwnAccount
from ..mail import send_password_link
from ..rights import is_administrator, lock_administration, require_an_administrator, require_covers

_PLAIN = ("name", "email", "phone", "job_title", "department", "language", "timezone")


@action(permission="console.manage_staff")
def invite_user(*, actor: Actor, values: dict[str, Any], send_mail: bool = True) -> User:
    """Makes a user without a password and mails the link to set one.

    values: name, email, and any of phone, job_title, department, language, timezone, roles, teams.
    Raises `Invalid` for an address in use, `BeyondOwnRights` for a role the actor does not cover.
    """
    roles, teams = list(values.get("roles", ())), list(values.get("teams", ()))
    require_covers(actor, roles)
    plain = {name: values[name] for name in _PLAIN if name in values}
    plain["email"] = plain["email"].strip().lower()
    with audited(actor) as context:
        try:
            with transaction.atomic():
                user: User = User.objects.create_user(**plain)
        except IntegrityError as error:
            raise Invalid(fields={"email": _("A user with this address exists already.")}) from error
        user.roles.set(roles)
        TeamMembership.objects.bulk_create([TeamMembership(team=team, user=user) for team in teams])
    if send_mail:
        send_password_link(actor=actor, user=user, template_key="console.invitation")
    _tell(actor, "console.user_invited", user, context, anchors=teams)
    return user


@action(permission="console.manage_staff")
def update_user(*, actor: Actor, record: User, values: dict[str, Any]) -> User:
    """Changes what is named in `values`, as in `invite_user`.

    Raises `BeyondOwnRights` for somebody, or a role, that holds more than the actor; `LastAdministrator`.
    """
    lock_administration()
    user = _locked(actor, record)
    was_administrator = is_administrator(user)
    with audited(actor) as context:
        for name in _PLAIN:
            if name in values:
                setattr(user, name, values[name].strip().lower() if name == "email" else values[name])
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError as error:
            raise Invalid(fields={"email": _("A user with this address exists already.")}) from error
        if "roles" in values:
            _set_roles(actor, user, values["roles"], was_administrator)
        if "teams" in values:
            _set_teams(user, values["teams"])
    _tell(actor, "console.user_updated", user, context)
    return user


@action(permission="console.manage_staff")
def suspend_user(*, actor: Actor, record: User) -> User:
    """Ends every session and every open link; the person's records stay. Raises `OwnAccount`, `LastAdministrator`."""
    if actor.user_id == record.pk:
        raise OwnAccount
    lock_administration()
    user = _locked(actor, record)
    if not user.is_active:
        raise NotReady(_("This user is already suspended."))
    was_administrator = is_administrator(user)
    with audited(actor) as context:
        user.is_active = False
        user.session_epoch += 1
        user.save(update_fields=["is_active", "session_epoch"])
    if was_administrator:
        require_an_administrator()
    _tell(actor, "console.user_suspended", user, context)
    return user


@action(permission="console.manage_staff")
def restore_user(*, actor: Actor, record: User) -> User:
    """Lets a suspended user sign in again, with the password they had."""
    user = _locked(actor, record)
    if user.is_active:
        raise NotReady(_("This user is not suspended."))
    with audited(actor) as context:
        user.is_active = True
        user.save(update_fields=["is_active"])
    _tell(actor, "console.user_restored", user, context)
    return user


@action(permission="console.manage_staff")
def end_sessions(*, actor: Actor, record: User) -> User:
    """Signs the person out everywhere."""
    user = _locked(actor, record)
    with audited(actor) as context:
        user.session_epoch += 1
        user.save(update_fields=["session_epoch"])
    _tell(actor, "console.sessions_ended", user, context)
    return user


@action(permission="console.manage_staff")
def send_link(*, actor: Actor, record: User) -> User:
    """Mails a fresh link to set a password. Raises `NotReady` for a suspended user."""
    user = _locked(actor, record)
    if not user.is_active:
        raise NotReady(_("Restore this user first; a suspended user gets no link."))
    template = "console.password_link" if user.has_usable_password() else "console.invitation"
    send_password_link(actor=actor, user=user, template_key=template)
    record_activity(actor=actor, type="console.password_requested", subject=user, data={"user": user.name})
    return user


def _locked(actor: Actor, record: User) -> User:
    """The row, locked; it must not hold more than the actor does, or its address could be turned into a way in."""
    user: User = User.objects.lock().get(pk=record.pk)
    if actor.user_id != user.pk:
        require_covers(actor, user.roles.all())
    return user


def _set_roles(actor: Actor, user: User, roles: Iterable[Role], was_administrator: bool) -> None:
    held = set(user.roles.values_list("pk", flat=True))
    require_covers(actor, [role for role in roles if role.pk not in held])
    user.roles.set(roles)
    if was_administrator and not is_administrator(user):
        require_an_administrator()


def _set_teams(user: User, teams: Iterable[Team]) -> None:
    wanted = {team.pk for team in teams}
    TeamMembership.objects.filter(user=user).exclude(team_id__in=wanted).delete()
    present = set(TeamMembership.objects.filter(user=user).values_list("team_id", flat=True))
    TeamMembership.objects.bulk_create([TeamMembership(team_id=pk, user=user) for pk in sorted(wanted - present)])


def _tell(actor: Actor, type: str, user: User, context: Any, anchors: Iterable[Any] = ()) -> None:
    data = {"user": user.name, "change": str(context.id)}
    record_activity(actor=actor, type=type, subject=user, anchors=anchors, data=data)
