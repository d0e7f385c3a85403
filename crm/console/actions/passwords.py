"""Setting a password: by link, by its owner, and asking for a link."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..mail import send_password_link


@action()
def request_password_link(*, actor: Actor, email: str) -> None:
    """Mails a link when an active user has that address; says nothing either way."""
    user = User.objects.active().filter(email=email.strip().lower()).first()
    if user is None:
        return
    send_password_link(actor=actor, user=user, template_key="console.password_link")
    record(actor=actor, type="console.password_requested", subject=user, data={"user": user.name})


@action()
def set_password(*, actor: Actor, user: User, password: str) -> User:
    """Stores a checked password of a person who proved a link; every other session and link ends."""
    user = User.objects.lock().get(pk=user.pk)
    _store(user, password)
    record(actor=actor, type="console.password_set", subject=user, data={"user": user.name})
    return user


@action()
def change_password(*, actor: Actor, current: str, password: str) -> User:
    """The actor's own password. Raises `Invalid` when the current one is wrong; ends all other sessions."""
    user = User.objects.lock().get(pk=actor.user_id)
    if not user.check_password(current):
        raise Invalid(fields={"current": _("This is not your current password.")})
    _store(user, password)
    record(actor=actor, type="console.password_set", subject=user, data={"user": user.name})
    return user


def _store(user: User, password: str) -> None:
    user.set_password(password)
    user.session_epoch += 1
    user.save(update_fields=["password", "session_epoch"])
