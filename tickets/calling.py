"""When nothing in writing reaches a customer, a call task stands on the ticket: whom to call, and what to say."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from crm.core.phones import masked_phone
from crm.planner.actions import add_task
from crm.planner.choices import TaskKind

from .models import Ticket
from .service_hours import first_answer_due

CALL_KEY = "call:"


def call_instead(*, ticket: Ticket, reason: str, key: str, words: str = "") -> None:
    """Adds the call task of that reason, once for its key, to the assignee, or to the team while there is none.

    reason: "received", "reply", "resolved", "link" or "undelivered". words: what the caller reads out. The task is
    due when a first answer would be, and written in the brand's language.
    """
    with translation.override(ticket.brand.language):
        whom = {"name": ticket.contact.name, "phone": masked_phone(ticket.reply_phone), "number": ticket.number}
        title, why = _words(reason)
        notes = "\n\n".join(part for part in (why, words) if part)
        holder = ticket.assignee if ticket.assignee is not None and ticket.assignee.is_active else None
        add_task(
            actor=Actor.system(),
            subject=ticket,
            title=(title % whom)[:200],
            notes=notes[:4000],
            kind=TaskKind.CALL,
            assignee=holder,
            team=None if holder else ticket.team,
            due_at=first_answer_due(ticket.request_type),
            source_key=f"{CALL_KEY}{key}",
        )


def _words(reason: str) -> tuple[str, str]:
    """Title with placeholders, and what the colleague should know, in the active language."""
    cannot = _("There is no email address, and text messages do not reach this number.")
    return {
        "received": (_("Call %(name)s, %(phone)s: answers to #%(number)s reach them by phone only"), cannot),
        "reply": (
            _("Call %(name)s, %(phone)s: tell the answer to #%(number)s"),
            cannot + " " + _("Read out our answer:"),
        ),
        "resolved": (
            _("Call %(name)s, %(phone)s: #%(number)s is solved, ask how content they are"),
            cannot + " " + _("Tell them the solution, and ask for one to five stars:"),
        ),
        "link": (
            _("Call %(name)s, %(phone)s: they lost the link to #%(number)s"),
            cannot + " " + _("Tell them how it stands, and ask for an email address for the link."),
        ),
        "undelivered": (
            _("Call %(name)s, %(phone)s: our text message on #%(number)s did not arrive"),
            _("The network could not deliver it. Read out what it said:"),
        ),
    }[reason]
