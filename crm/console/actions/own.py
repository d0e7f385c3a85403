"""What a person does with their own account."""

from __future__ import annotations

from crm.accounts.choices import Availability
from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotAllowed


@action()
def set_availability(*, actor: Actor, availability: str) -> User:
    """Says of oneself "available" or "away"; assignment passes over people who are away. Raises `Invalid`."""
    if availability not in Availability.values:
        raise Invalid
    user = _self(actor)
    if user.availability != availability:
        user.availability = availability
        user.save(update_fields=["availability"])
        data = {"availability": availability}
        record(actor=actor, type="console.availability_set", subject=user, data=data)
    return user


@action()
def end_own_sessions(*, actor: Actor) -> User:
    """Signs the actor out everywhere; the caller keeps the present session if it wants to."""
    user = _self(actor)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    record(actor=actor, type="console.sessions_ended", subject=user, data={"user": user.name})
    return user


def _self(actor: Actor) -> User:
    user: User | None = User.objects.lock().filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotAllowed("console.view_settings")
    return user
