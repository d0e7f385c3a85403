"""Being away for a while, and coming back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.accounts.choices import WhileAway
from crm.accounts.models import Absence, TeamMembership, User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed, NotFound

#: Nobody is away for longer in one go; who leaves for good is suspended.
LONGEST = dt.timedelta(days=400)


@action()
def set_absence(
    *,
    actor: Actor,
    user: User,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    substitute: User | None = None,
    moves: str = WhileAway.SUBSTITUTE,
) -> Absence:
    """Says that somebody is away between two moments, who stands in, and what becomes of work that waits.

    One's own, a supervisor's for the members of their teams, or with the permission to manage users. Without a
    substitute work goes to the queue of its team. Raises `NotAllowed`, and `Invalid` for times that cannot be,
    overlap another absence, or a substitute who cannot stand in.
    """
    must_arrange_for(actor, user)
    row = User.objects.lock().filter(pk=user.pk, is_active=True).first()
    if row is None:
        raise NotFound
    if moves == WhileAway.SUBSTITUTE and substitute is None:
        moves = WhileAway.QUEUE
    _check(row, starts_at, ends_at, substitute, moves)
    absence = Absence.objects.create(
        user=row, starts_at=starts_at, ends_at=ends_at, substitute=substitute, moves=moves, set_by_id=actor.user_id
    )
    record(
        actor=actor, type="console.absence_set", subject=row,
        data={"user": row.name, "from": starts_at.isoformat(), "until": ends_at.isoformat(),
              "substitute": substitute.name if substitute else "--", "substitute_id": substitute and substitute.pk,
              "moves": str(moves)},
    )  # fmt: skip
    return absence


@action()
def end_absence(*, actor: Actor, absence: Absence) -> Absence:
    """Back earlier than planned, or not going at all. Ending twice changes nothing. Raises `NotAllowed`."""
    row: Absence = Absence.objects.select_related("user").lock().get(pk=absence.pk)
    must_arrange_for(actor, row.user)
    if row.ended_at is None and row.ends_at > clock.now():
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        record(actor=actor, type="console.absence_ended", subject=row.user, data={"user": row.user.name})
    return row


def must_arrange_for(actor: Actor, user: User) -> None:
    """Raises `NotAllowed` unless the actor is the person, leads one of their teams, or manages users."""
    if not may_arrange_for(actor, user):
        raise NotAllowed("console.manage_staff")


def may_arrange_for(actor: Actor, user: User) -> bool:
    """Whether the actor may say that the user is away."""
    if actor.is_system or (actor.user_id is not None and actor.user_id == user.pk):
        return True
    led = TeamMembership.objects.filter(user_id=actor.user_id or 0, is_supervisor=True).values("team")
    return TeamMembership.objects.filter(user=user, team__in=led).exists() or actor.can("console.manage_staff")


def _check(user: User, starts_at: dt.datetime, ends_at: dt.datetime, substitute: User | None, moves: str) -> None:
    wrong: dict[str, object] = {}
    if ends_at <= starts_at:
        wrong["ends_at"] = _("Choose an end after the start")
    elif ends_at <= clock.now():
        wrong["ends_at"] = _("Choose an end in the future")
    elif ends_at - starts_at > LONGEST:
        wrong["ends_at"] = _("Choose at most 400 days")
    elif Absence.objects.filter(user=user, ended_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        wrong["starts_at"] = _("There is an absence in this time already. End that one first.")
    if moves not in WhileAway.values:
        wrong["moves"] = _("Choose what becomes of the tickets")
    if substitute is not None and (substitute.pk == user.pk or not substitute.is_active):
        wrong["substitute"] = _("Choose an active colleague")
    if wrong:
        raise Invalid(fields=wrong)
