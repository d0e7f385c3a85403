"""What the customer is told by mail, in their language and time zone. Called inside the verbs' transactions.

A stranger's address gets one fixed text and no more until somebody there opened the link; what an agent
wrote for it (a reply, a solution) is sent all the same, since a person decided so.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats, timezone, translation

from crm.core import clock
from crm.core.actor import Actor
from crm.messaging.actions import queue_mail
from crm.messaging.models import Message, OutgoingMail
from crm.messaging.selectors import last_message_id

from .models import Rating, Ticket
from .selectors import identity_of

#: An address that nobody proved gets the fixed text once in this time.
ONE_FIXED_TEXT_PER = dt.timedelta(hours=24)
CONFIRMATIONS_A_DAY = 2


def confirm_receipt(*, actor: Actor, ticket: Ticket) -> None:
    """Number, expected first answer and the tracking link; to an unproved address once a day.

    Mail is confirmed twice a day at most, so that a program which answers every mail is not answered for ever.
    """
    if not ticket.reply_email or (ticket.channel == "email" and _confirmed_often(ticket.reply_email)):
        return
    if not _is_proved(ticket) and not actor.is_staff and _had_fixed_text(ticket.reply_email):
        return
    _send(actor, ticket, "tickets.received", {"ticket.expected": expected_text(ticket)}, f"received:{ticket.pk}")


def tell_queued(*, actor: Actor, ticket: Ticket) -> None:
    """Nobody is on shift or free: when work goes on. Only to a proved address, once a cycle."""
    if _is_proved(ticket):
        values = {"ticket.expected": expected_text(ticket)}
        _send(actor, ticket, "tickets.queued", values, f"queued:{ticket.pk}:{ticket.cycle}")


def tell_accepted(*, actor: Actor, ticket: Ticket) -> None:
    """Somebody with a name works on it. Only to a proved address, once a cycle."""
    if _is_proved(ticket):
        _send(actor, ticket, "tickets.accepted", {}, f"accepted:{ticket.pk}:{ticket.cycle}")


def tell_status(*, actor: Actor, ticket: Ticket) -> None:
    """The ticket waits, and for whom. Only to a proved address."""
    if _is_proved(ticket):
        key = f"status:{ticket.pk}:{ticket.status_id}:{int(clock.now().timestamp())}"
        _send(actor, ticket, "tickets.waiting", {}, key)


def send_reply(*, actor: Actor, ticket: Ticket, message: Message) -> None:
    """The agent's words, once per message."""
    _send(actor, ticket, "tickets.reply", {"message.text": message.body}, f"reply:{message.pk}", message)


def tell_resolved(*, actor: Actor, ticket: Ticket, rating: Rating) -> None:
    """The solution, and five links that rate it with one click. Once a cycle."""
    values = {"ticket.solution": ticket.solution, "rating.link": rating_url(rating)}
    values |= {f"rating.link{score}": f"{rating_url(rating)}?score={score}" for score in range(1, 6)}
    _send(actor, ticket, "tickets.resolved", values, f"resolved:{ticket.pk}:{ticket.cycle}")


def tracking_url(ticket: Ticket) -> str:
    """The mailed link; who opens it proves the address."""
    return f"{ticket.brand.base_url}{reverse('help:ticket_track', args=[ticket.access_token])}"


def rating_url(rating: Rating) -> str:
    """Where the customer rates this cycle."""
    return f"{rating.ticket.brand.base_url}{reverse('help:ticket_rate', args=[rating.token])}"


def local_moment(ticket: Ticket, moment: dt.datetime) -> str:
    """A moment in the customer's language and zone, with the zone named."""
    with translation.override(ticket.language), timezone.override(ZoneInfo(ticket.timezone)):
        text = formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return f"{text} ({ticket.timezone.replace('_', ' ')})"


def expected_text(ticket: Ticket) -> str:
    """When the first answer is promised, or that no time is promised."""
    if ticket.answer_expected_at is not None:
        return local_moment(ticket, ticket.answer_expected_at)
    with translation.override(ticket.language):
        return translation.gettext("as soon as possible")


def _send(
    actor: Actor,
    ticket: Ticket,
    key: str,
    values: dict[str, str],
    dedupe_key: str,
    related: Message | None = None,
) -> OutgoingMail | None:
    if ticket.parent_id is not None:
        return None  # no word of a part reaches the customer
    previous = last_message_id(ticket.conversation)
    return queue_mail(
        actor=actor,
        template_key=key,
        to_email=ticket.reply_email,
        to_name=requester_name(ticket) if _is_proved(ticket) else "",
        language=ticket.language,
        values={**ticket_values(ticket), **values},
        brand=ticket.brand,
        related=related,
        conversation=ticket.conversation,
        dedupe_key=f"tickets.{dedupe_key}",
        in_reply_to=previous,
        references=previous,
    )


def ticket_values(ticket: Ticket) -> dict[str, str]:
    """What the placeholders of every text about a ticket stand for, in the customer's language."""
    with translation.override(ticket.language):
        team, status = str(ticket.team.name), ticket.status.shown_to_customer
        agent = ticket.assignee.name if ticket.assignee else team
    return {
        "ticket.number": str(ticket.number),
        "ticket.subject": ticket.subject,
        "ticket.status": status,
        "ticket.link": tracking_url(ticket),
        "team.name": team,
        "agent.name": agent,
        "contact.name": requester_name(ticket),
    }


def _is_proved(ticket: Ticket) -> bool:
    """Somebody at the address opened this ticket's link, or the link of an earlier one."""
    identity = identity_of(ticket)
    return ticket.verified_at is not None or (identity is not None and identity.verified_at is not None)


def requester_name(ticket: Ticket) -> str:
    """The requester's name where the address is theirs; else, as with a known phone number, the name that was typed."""
    if not ticket.reply_email or identity_of(ticket) is not None:
        return ticket.contact.name
    first = Message.objects.filter(conversation=ticket.conversation_id).order_by("pk").first()
    return first.author_label if first is not None else ""


def _had_fixed_text(email: str) -> bool:
    since = clock.now() - ONE_FIXED_TEXT_PER
    return OutgoingMail.objects.filter(to_email=email, template="tickets.received", created_at__gte=since).exists()


def _confirmed_often(email: str) -> bool:
    since = clock.now() - ONE_FIXED_TEXT_PER
    sent = OutgoingMail.objects.filter(to_email=email, template="tickets.received", created_at__gte=since)
    return sent.count() >= CONFIRMATIONS_A_DAY
