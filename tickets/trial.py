"""The test ticket that somebody sent themselves: which it is, and what has come of it so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.activity.models import Activity
from crm.calendars.models import Clock
from crm.core.sockets import activity_types, clock_kinds
from crm.messaging.models import OutgoingMail

from .actions.deadlines import clocks_of
from .explanations import Considered, assignment_steps
from .models import AssignmentDecision, RequestType, Ticket
from .selectors import public_request_types

SENT = "tickets.trial_sent"
#: A customer that came with the test ticket is no older than it by more than this.
SAME_MOMENT = dt.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock in words."""

    label: Any
    clock: Clock


@dataclass(frozen=True, slots=True)
class Trial:
    """What happened to the test ticket. reason: why nobody has it yet. is_settled: nothing more comes by itself."""

    ticket: Ticket
    is_new_customer: bool
    decision: AssignmentDecision | None
    considered: Sequence[Considered]
    promises: Sequence[Promise]
    mail: OutgoingMail | None
    is_answered: bool

    @property
    def is_settled(self) -> bool:
        mail_is_out = self.mail is None or self.mail.state not in {"waiting", "sending"}
        return self.decision is not None and mail_is_out

    @property
    def why(self) -> str:
        """Why this person, or why nobody."""
        if self.decision is None:
            return _("The worker decides in a moment.")
        if self.decision.user is not None:
            return _("%(n)s people were considered; this one is free and has the least to do.") % {
                "n": len(self.considered)
            }
        if not self.considered:
            return _("Nobody takes tickets for this team yet: add people to the team and choose agents.")
        return _("Nobody who takes tickets is free and on shift now; it is given out as soon as somebody is.")


def latest_trial() -> Ticket | None:
    """The newest test ticket that still exists."""
    sent = Activity.objects.filter(type=activity_types[SENT].code).order_by("-pk").values_list("object_id", flat=True)
    return next((ticket for pk in sent[:5] if (ticket := Ticket.objects.filter(pk=pk).first()) is not None), None)


def is_trial(ticket: Ticket) -> bool:
    """Whether somebody sent this ticket as a test."""
    return Activity.objects.filter(type=activity_types[SENT].code, object_id=ticket.pk).exists()


def trial_type() -> RequestType | None:
    """What the test ticket asks for: the first that everybody may ask."""
    return next(iter(public_request_types()), None)


def trial_of(ticket: Ticket) -> Trial:
    """What has come of it until now."""
    decision = ticket.decisions.select_related("user", "team").first()
    mails = OutgoingMail.objects.filter(to_email=ticket.reply_email, created_at__gte=ticket.created_at)
    return Trial(
        ticket=ticket,
        is_new_customer=ticket.customer.created_at >= ticket.created_at - SAME_MOMENT,
        decision=decision,
        considered=assignment_steps(decision) if decision is not None else (),
        promises=[Promise(clock_kinds.by_code(clock.kind).label, clock) for clock in clocks_of(ticket)],
        mail=mails.order_by("pk").first(),
        is_answered=ticket.conversation.messages.filter(direction="outbound").exists(),
    )


SUBJECT = gettext_lazy("Test: does everything work?")
TEXT = gettext_lazy("A test ticket that I sent to myself. It can be answered, solved and removed like any other.")
