"""Reads about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from crm.core import clock
from crm.core.actor import Actor

from .choices import Availability
from .models import Absence, Team, User

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


def absent_among(user_ids: Collection[int], at: dt.datetime) -> set[int]:
    """Those of the users who are out of office at the moment. One query."""
    rows = Absence.objects.at(at).filter(user_id__in=user_ids)
    return set(rows.values_list("user_id", flat=True))


def absence_of(user_id: int, at: dt.datetime) -> Absence | None:
    """The absence of a user that holds at the moment."""
    return Absence.objects.at(at).filter(user_id=user_id).select_related("user", "substitute").first()


def substitute_for(absence: Absence, at: dt.datetime) -> User | None:
    """Who stands in at the moment: None when nobody was named, they have left, or they are away themselves."""
    person = absence.substitute
    if person is None or not person.is_active or absent_among([person.pk], at):
        return None
    return person
