"""Reads about people."""

from __future__ import annotations

import datetime as dt

from crm.core import clock
from crm.core.actor import Actor

from .choices import Availability
from .models import Team, User

#: Seen within this span counts as present; the shell's pulse comes every 30 s.
PRESENT_WITHIN = dt.timedelta(minutes=5)


def presence_of(user: User) -> str:
    """ "available", "away" (said so) or "offline" (not seen for five minutes)."""
    if user.last_seen_at is None or clock.now() - user.last_seen_at > PRESENT_WITHIN:
        return "offline"
    return "away" if user.availability == Availability.AWAY else "available"


def teams_of(viewer: Actor) -> list[Team]:
    """The viewer's own active teams."""
    return list(Team.objects.visible_to(viewer).active().filter(pk__in=viewer.grants.team_ids))


def supervisors_of(team_id: int) -> list[User]:
    """Active supervisors of a team."""
    return list(User.objects.active().filter(memberships__team_id=team_id, memberships__is_supervisor=True))
