"""The platform's own letters: an invitation and a password link."""

from __future__ import annotations

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions import queue_mail

from .links import link_hours, password_link


def send_password_link(*, actor: Actor, user: User, template_key: str) -> None:
    """Queues "console.invitation" or "console.password_link" in the person's language."""
    brand = Brand.default()
    queue_mail(
        actor=actor,
        template_key=template_key,
        to_email=user.email,
        to_name=user.name,
        language=user.language,
        values={
            "user.name": user.name,
            "password_link": password_link(user),
            "hours": str(link_hours()),
            "inviter.name": actor.label,
        },
        brand=brand,
    )
