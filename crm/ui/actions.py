"""The one verb of this room: a person's own preferences."""

from __future__ import annotations

from typing import Any

from crm.accounts.choices import Density, Theme
from crm.accounts.models import User
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound

from .preferences import known_language, known_zone

_CHECKS = {
    "language": lambda value: bool(known_language(value)),
    "timezone": lambda value: bool(known_zone(value)),
    "theme": lambda value: value in Theme.values,
    "density": lambda value: value in Density.values,
    "rail_narrow": lambda value: isinstance(value, bool),
    "single_keys": lambda value: isinstance(value, bool),
    "absolute_time": lambda value: isinstance(value, bool),
}


@action()
def save_preferences(*, actor: Actor, values: dict[str, Any]) -> User:
    """Store the actor's own preferences. No activity: how a person sees a page is no event of the business.

    values: any of language, timezone, theme, density, rail_narrow, single_keys, absolute_time.
    Raises `Invalid` for a name or value that is not known, `NotFound` when the actor is no member of staff.
    """
    wrong = [name for name, value in values.items() if name not in _CHECKS or not _CHECKS[name](value)]
    if wrong:
        raise Invalid(fields=dict.fromkeys(wrong, Invalid.default))
    user = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id or 0).first()
    if user is None:
        raise NotFound()
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))
    return user
