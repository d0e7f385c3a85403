"""Seconds to take a sent reply back: it waits as a `PendingReply`, then `reply` sends it in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor, ActorKind, Scope
from crm.core.errors import DomainError, Invalid, NotFound
from crm.files.models import Upload
from crm.jobs.models import IdempotencyKey
from crm.messaging.actions import discard_draft, save_draft
from crm.messaging.choices import Direction
from crm.messaging.models import Message
from crm.messaging.selectors import drafts_of

from ..exceptions import AnsweredMeanwhile, HeldBack, SentAlready
from ..models import PendingReply, Status, Ticket
from .answering import check_body, check_then, has_customer, nobody_wrote_meanwhile, reply, route_of, who
from .statuses import locked

logger = logging.getLogger(__name__)


@action(permission="tickets.reply")
def send_reply_in(
    *,
    actor: Actor,
    ticket: Ticket,
    body: str,
    form_key: str,
    hold_seconds: int,
    uploads: Sequence[str] = (),
    then: Status | None = None,
    seen_message_id: int | None = None,
) -> PendingReply | None:
    """Sends a reply after hold_seconds, in which its author may take it back; at once, and None, for 0.

    The author's earlier reply on this ticket, if it still waits, goes out first. Raises what `reply` raises, `HeldBack`
    when that earlier one is held, and `AnsweredMeanwhile` when a colleague's reply waits.
    """
    row = locked(actor, ticket)
    sent = IdempotencyKey.objects.filter(route=route_of(row), actor=who(actor), key=form_key).exists()
    if hold_seconds <= 0 or sent or actor.user_id is None:
        if not sent:
            _release_earlier(actor, row)
        reply(
            actor=actor, ticket=row, body=body, form_key=form_key, uploads=uploads, then=then,
            seen_message_id=seen_message_id,
        )  # fmt: skip
        return None
    has_customer(row)
    again = PendingReply.objects.filter(ticket=row, user_id=actor.user_id, form_key=form_key).first()
    if again is not None:
        return again
    text = check_body(body)
    check_then(actor, then)
    nobody_wrote_meanwhile(row, seen_message_id, actor)
    _nobody_answers(actor, row)
    if Upload.objects.visible_to_form(form_key, list(uploads)).count() < len(set(uploads)):
        raise Invalid(_("A file is no longer there. Attach it again."))
    _release_earlier(actor, row)
    now = clock.now()
    pending = PendingReply.objects.create(
        ticket=row, user_id=actor.user_id, body=text, form_key=form_key, uploads=list(uploads), then=then,
        newest_message_id=_newest(row), clicked_at=now, release_at=now + dt.timedelta(seconds=hold_seconds),
    )  # fmt: skip
    discard_draft(actor=actor, conversation=row.conversation, kind="reply")
    return pending


@action(permission="tickets.reply")
def take_back(*, actor: Actor, ticket: Ticket) -> None:
    """The actor's reply was not meant: its text and files are a draft again, before anything newly typed.

    Leaves no trace. Raises `SentAlready` when it is no longer there.
    """
    row = locked(actor, ticket)
    pending = _own(actor, row)
    draft = drafts_of(actor, row.conversation).get("reply")
    # A draft saved while the reply was on its way to the server holds the same words.
    later = draft.body if draft and draft.body.strip() != pending.body.strip() else ""
    text = "\n\n".join(part for part in (pending.body, later) if part.strip())
    save_draft(
        actor=actor, conversation=row.conversation, kind="reply", body=text[:50_000],
        data={"form_key": pending.form_key},
    )  # fmt: skip
    pending.delete()


@action(permission="tickets.reply")
def send_anyway(*, actor: Actor, ticket: Ticket) -> None:
    """Sends the actor's waiting or held reply now, whatever was written meanwhile. Raises what `reply` raises."""
    row = locked(actor, ticket)
    _send(_own(actor, row))


def release_due(limit: int = 100) -> int:
    """Sends the replies whose time to be taken back is over. Returns how many were sent or held."""
    due = PendingReply.objects.filter(release_at__lte=clock.database_now(), held_reason="")
    rows = list(due.select_related("ticket").order_by("release_at")[:limit])
    for pending in rows:
        try:
            _release(actor=Actor.system(), pending=pending)
        except DomainError as error:
            logger.info("reply on ticket %s is held: %s", pending.ticket.number, error)
            PendingReply.objects.filter(pk=pending.pk).update(held_reason=str(error)[:400])
    return len(rows)


@action()
def _release(*, actor: Actor, pending: PendingReply) -> None:
    """Looks again under the ticket's lock: its author may have taken it back, the customer may have written."""
    locked(actor, pending.ticket)
    row = PendingReply.objects.filter(pk=pending.pk, held_reason="").first()
    if row is None:
        return
    if _customer_wrote_since(row):
        row.held_reason = _t("The customer wrote before this reply went out. Read it, then send or take back.")
        row.save(update_fields=["held_reason"])
        return
    _send(row)


def _send(pending: PendingReply) -> None:
    """Sends as its author, with the right that was checked at the click: handing over meanwhile does not stop it."""
    author = actor_for(pending.user)
    grants = replace(
        author.grants,
        permissions=author.grants.permissions | {"tickets.view", "tickets.reply", "tickets.update", "tickets.resolve"},
        scopes={**author.grants.scopes, "tickets": Scope.ALL},
    )
    pending.delete()
    reply(
        actor=replace(author, grants=grants), ticket=pending.ticket, body=pending.body, form_key=pending.form_key,
        uploads=pending.uploads, then=pending.then, sent_at=pending.clicked_at,
    )  # fmt: skip


def _release_earlier(actor: Actor, ticket: Ticket) -> None:
    earlier = PendingReply.objects.filter(ticket=ticket, user_id=actor.user_id or 0).first()
    if earlier is None:
        return
    if earlier.held_reason or _customer_wrote_since(earlier):
        raise HeldBack
    _send(earlier)


def _nobody_answers(actor: Actor, ticket: Ticket) -> None:
    other = PendingReply.objects.filter(ticket=ticket).exclude(user_id=actor.user_id).select_related("user").first()
    if other is not None:
        raise AnsweredMeanwhile(
            _("%(name)s has just answered. Their reply goes out in a few seconds: read it, then send again.")
            % {"name": other.user.name}
        )


def _own(actor: Actor, ticket: Ticket) -> PendingReply:
    if actor.user_id is None:
        raise NotFound
    pending = PendingReply.objects.filter(ticket=ticket, user_id=actor.user_id).first()
    if pending is None:
        raise SentAlready
    return pending


def _customer_wrote_since(pending: PendingReply) -> bool:
    written = Message.objects.filter(conversation_id=pending.ticket.conversation_id, direction=Direction.INBOUND)
    return written.filter(pk__gt=pending.newest_message_id or 0, author_kind=ActorKind.CONTACT).exists()


def _newest(ticket: Ticket) -> int | None:
    newest = Message.objects.filter(conversation_id=ticket.conversation_id).order_by("-pk")
    return newest.values_list("pk", flat=True).first()
