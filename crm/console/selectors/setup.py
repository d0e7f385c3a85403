"""What an administrator still has to do before the first customer writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.calendars.models import Calendar
from crm.core.actor import Actor
from crm.core.models import Brand


@dataclass(frozen=True, slots=True)
class Hint:
    """Something essential that is missing. url_name: where to do it."""

    key: str
    text: Any
    url_name: str
    permission: str
    icon: str


def missing_steps(viewer: Actor) -> list[Hint]:
    """Hints that this viewer can act on. At most five queries."""
    hints = []
    if not User.objects.active().exclude(pk=viewer.user_id or 0).exists():
        hints.append(
            Hint("users", _("Invite the first colleague"), "console:user_create", "console.manage_staff", "assign")
        )
    if not Team.objects.active().exists():
        hints.append(
            Hint(
                "teams",
                _("Create a team that answers tickets"),
                "console:team_create",
                "console.manage_structure",
                "team",
            )
        )
    elif empty := Team.objects.active().exclude(memberships__user__is_active=True).first():
        text = _("The team %(team)s has no members: nobody gets its tickets")
        hints.append(
            Hint("members", text % {"team": empty.name}, "console:team_list", "console.manage_structure", "team")
        )
    if not Calendar.objects.filter(is_default=True).exists():
        hints.append(
            Hint("calendar", _("Set the working hours"), "console:calendar_list", "calendars.manage", "calendar")
        )
    if not _sends_mail():
        text = _("No mail server is set: mail is written to files. Set EMAIL_URL")
        hints.append(Hint("mail", text, "console:outgoing_mail_list", "messaging.manage_mail", "mail"))
    if Brand.default().sender_email.endswith(".example"):
        hints.append(
            Hint(
                "sender",
                _("Set the address your customers see"),
                "console:brand_update",
                "console.manage_brand",
                "brand",
            )
        )
    return [hint for hint in hints if viewer.can(hint.permission)]


def _sends_mail() -> bool:
    return settings.EMAIL_BACKEND.rsplit(".", 2)[-2] not in {"console", "filebased", "dummy"}
