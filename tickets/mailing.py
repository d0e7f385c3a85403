"""What the customer is told, in their language and time zone. Called inside the verbs' transactions.

Each function is one letter; `letters` finds its way: mail, text message, or a call. A stranger's address gets one
fixed text and no more until somebody there opened the link; what an agent wrote for it (a reply, a solution) is
sent all the same, since a person decided so.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats, timezone, translation

from crm.core import clock
from crm.core.actor import Actor
from crm.core.phones import masked_phone
from crm.fields.display import rows
from crm.messaging.models import Message
from crm.messaging.selectors import can_text
from customers.recognising.identities import masked_email

from .letters import Way, had_lately, post, way_to
from .models import Rating, Ticket
from .selectors import identity_of

#: An address that nobody proved gets the fixed text once in this time.
ONE_FIXED_TEXT_PER = dt.timedelta(hours=24)
CONFIRMATIONS_A_DAY = 2


def confirm_receipt(*, actor: Actor, ticket: Ticket) -> None:
    """Number, expected first answer and the tracking link; to an unproved address once a day.

    Mail is confirmed twice a day at most, so that a program which answers every mail is not answered for ever.
    Whom nothing reaches in writing is called, unless a colleague has them on the phone just now.
    """
    way = way_to(ticket)
    if way is Way.NOWHERE or (way is Way.CALL and actor.is_staff):
        return
    if ticket.channel == "email" and _received_lately(ticket) >= CONFIRMATIONS_A_DAY:
        return
    proved = _is_proved(ticket)
    if way is not Way.CALL and not proved and not actor.is_staff and _received_lately(ticket):
        return
    values = {"ticket.expected": expected_text(ticket), "ticket.answers": _answers(actor, ticket, proved)}
    _send(actor, ticket, "tickets.received", values, f"received:{ticket.pk}", way=way, must_arrive=True, proved=proved)


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
    values = {"message.text": message.body}
    _send(actor, ticket, "tickets.reply", values, f"reply:{message.pk}", message, must_arrive=True)


def tell_resolved(*, actor: Actor, ticket: Ticket, rating: Rating) -> None:
    """The solution, and five links that rate it with one click. Once a cycle."""
    values = {"ticket.solution": ticket.solution, "rating.link": rating_url(rating)}
    values |= {f"rating.link{score}": f"{rating_url(rating)}?score={score}" for score in range(1, 6)}
    _send(actor, ticket, "tickets.resolved", values, f"resolved:{ticket.pk}:{ticket.cycle}", must_arrive=True)


def send_link(*, actor: Actor, ticket: Ticket, by_phone: bool, key: str) -> str:
    """The tracking link once more, to the ticket's own address: that which was named where it can be reached.

    by_phone: the phone number was named. key: one letter for one wish. Returns the address, masked.
    """
    way = way_to(ticket)
    if by_phone and can_text(ticket.reply_phone):
        way = Way.SMS
    _send(actor, ticket, "tickets.link", {}, f"link:{key}", way=way, must_arrive=True)
    return masked_email(ticket.reply_email) if way is Way.EMAIL else masked_phone(ticket.reply_phone)


def tracking_url(ticket: Ticket) -> str:
    """The mailed link; who opens it proves the address. Colleagues follow what they asked for signed in."""
    if ticket.contact.user_id is not None:
        return f"{ticket.brand.base_url}{reverse('requests:request_detail', args=[ticket.number])}"
    return f"{ticket.brand.base_url}{reverse('help:ticket_track', args=[ticket.access_token])}"


def rating_url(rating: Rating) -> str:
    """Where the customer rates this cycle."""
    return f"{rating.ticket.brand.base_url}{reverse('help:ticket_rate', args=[rating.token])}"


def _answers(actor: Actor, ticket: Ticket, proved: bool) -> str:
    """What was answered, a line each, as far as customers see it.

    Nothing for an unproved address, unless a colleague typed it: a stranger's words go to nobody they name.
    """
    if not actor.is_staff and not proved:
        return ""
    return "\n".join(f"{label}: {text}" for label, text in rows(ticket, language=ticket.language))


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
    *,
    way: Way | None = None,
    must_arrive: bool = False,
    proved: bool | None = None,
) -> None:
    """proved: `_is_proved(ticket)`, where the caller has asked already."""
    if ticket.parent_id is not None:
        return  # no word of a part reaches the customer
    proved = _is_proved(ticket) if proved is None else proved
    common = ticket_values(ticket)
    post(
        actor=actor,
        ticket=ticket,
        key=key,
        values={**common, **values},
        dedupe_key=f"tickets.{dedupe_key}",
        way=way or way_to(ticket),
        to_name=common["contact.name"] if proved else "",
        related=related,
        must_arrive=must_arrive,
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
        "lost.link": f"{ticket.brand.base_url}{reverse('help:ticket_lost')}",
        "team.name": team,
        "agent.name": agent,
        "contact.name": requester_name(ticket),
    }


def _is_proved(ticket: Ticket) -> bool:
    """Somebody at the address opened this ticket's link or that of an earlier one, or is known to have the address."""
    if ticket.verified_at is not None:
        return True
    identity = identity_of(ticket)
    if identity is None:
        return False
    earlier = Ticket.objects.filter(
        contact=ticket.contact_id, reply_email=ticket.reply_email, reply_phone=ticket.reply_phone,
        verified_at__isnull=False, created_by_id__isnull=True,
    )  # fmt: skip
    return identity.verified_at is not None or earlier.exists()


def requester_name(ticket: Ticket) -> str:
    """The requester's name where the address is theirs; else, as with a known phone number, the name that was typed."""
    if not ticket.reply_email or identity_of(ticket) is not None:
        return ticket.contact.name
    first = Message.objects.filter(conversation=ticket.conversation_id).order_by("pk").first()
    return first.author_label if first is not None else ""


def _received_lately(ticket: Ticket) -> int:
    return had_lately(ticket, "tickets.received", within=ONE_FIXED_TEXT_PER)
