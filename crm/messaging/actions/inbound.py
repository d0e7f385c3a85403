"""What is written down about an incoming mail, from its arrival to its end. Reading it is `messaging.inbound`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import connection
from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.files.actions.attachments import keep_attachment
from crm.files.blobs import StoredBytes
from crm.files.models import Attachment
from crm.jobs.broker import enqueue_on_commit

from ..choices import Decision, InboundReason, InboundState
from ..inbound.automatic import bounce_of, complaint_of
from ..inbound.parsing import Parsed
from ..inbound.registry import InboundHandler, Incoming, Outcome, inbound_handlers
from ..models import Conversation, InboundMail, Mailbox
from .sending import note_bounce, note_complaint

#: A worker that has not settled a mail after this long is taken for dead.
LEASE = dt.timedelta(minutes=3)
MAX_ATTEMPTS = 3
BACK_OFF = dt.timedelta(minutes=1)
#: States that a colleague may still decide on.
OPEN_TO_DECISION = (InboundState.HELD, InboundState.QUARANTINED, InboundState.AUTOMATIC, InboundState.REJECTED)


@action()
def keep_mail(*, actor: Actor, content: StoredBytes, mailbox: Mailbox | None, uid: int | None) -> InboundMail:
    """The row of a mail whose bytes are stored, and a worker woken for it. A rival's row of the same bytes wins."""
    row = InboundMail(mailbox=mailbox, sha256=content.sha256, size=content.size, uid=uid)
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)
    kept: InboundMail = InboundMail.objects.lock().get(mailbox=mailbox, sha256=content.sha256)
    if not Attachment.objects.on("inbound_mail", kept.pk).exists():
        keep_attachment(
            actor=actor, kind="inbound_mail", object_id=kept.pk, name=f"mail-{kept.pk}.eml", content=content,
            visibility="internal",
        )  # fmt: skip
        enqueue_on_commit("messaging.handle_mail", kept.pk)
    return kept


@action()
def claim_inbound(*, actor: Actor, mail_id: int) -> InboundMail | None:
    """Takes a mail that is due; None when another worker has it or it is settled.

    One that took its workers with it three times waits in the quarantine instead.
    """
    due = InboundMail.objects.due(clock.database_now()).filter(pk=mail_id)
    mail = due.select_related("mailbox__brand").select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if mail is None:
        return None
    if mail.attempts >= MAX_ATTEMPTS:
        _finish(actor, mail, InboundState.QUARANTINED, InboundReason.FAILED)
        return None
    mail.attempts, mail.due_at = mail.attempts + 1, clock.database_now() + LEASE
    mail.save(update_fields=["attempts", "due_at"])
    return mail  # type: ignore[no-any-return]


@action()
def settle(
    *, actor: Actor, mail_id: int, incoming: Incoming, thread_id: int | None, content_key: str, is_flood: bool
) -> None:
    """Hands a person's mail to the app it belongs to, in one transaction with what the app makes of it.

    thread_id: the conversation that a signed address or Message-ID names.
    """
    row = _locked(mail_id)
    if row is None:
        return
    _remember(row, incoming.sender_email, incoming.sender_name, incoming.subject, incoming.header_id)
    row.content_key = content_key
    if not row.decision or row.decision == Decision.AGAIN:
        state, reason = _refusal(row, is_flood)
        if reason:
            _finish(actor, row, state, reason)
            return
    handler, outcome = _hand_over(row, incoming, thread_id)
    row.handler = handler.key if handler is not None else ""
    row.message = outcome.message
    if outcome.message is not None:
        row.conversation_id = outcome.message.conversation_id
        _finish(actor, row, InboundState.HANDLED, "")
    elif incoming.automatic:
        _finish(actor, row, InboundState.AUTOMATIC, incoming.automatic)
    else:
        _finish(actor, row, InboundState.HELD, outcome.held_because)


@action()
def settle_automatic(*, actor: Actor, mail_id: int, parsed: Parsed, kind: InboundReason) -> None:
    """Keeps a mail that no person wrote; a report of a failed delivery or of spam reaches the mail it is about."""
    row = _locked(mail_id)
    if row is None:
        return
    _remember(row, parsed.sender_email, parsed.sender_name, parsed.subject, parsed.message_id)
    bounce = bounce_of(parsed) if kind == InboundReason.BOUNCE else None
    if bounce is not None:
        row.detail = bounce.explanation
        note_bounce(actor=actor, message_id=bounce.message_id, recipient=bounce.recipient, error=bounce.explanation)
    complaint = complaint_of(parsed) if kind == InboundReason.COMPLAINT else None
    if complaint is not None:
        row.detail = complaint.feedback
        note_complaint(actor=actor, message_id=complaint.message_id, feedback=complaint.feedback)
    _finish(actor, row, InboundState.AUTOMATIC, kind)


@action()
def note_trouble(
    *,
    actor: Actor,
    mail_id: int,
    reason: InboundReason,
    detail: str = "",
    final: bool = False,
    parsed: Parsed | None = None,
) -> None:
    """A mail that could not be handled: again in some minutes; into the quarantine when final or the last try."""
    row = _locked(mail_id)
    if row is None:
        return
    if parsed is not None:
        _remember(row, parsed.sender_email, parsed.sender_name, parsed.subject, parsed.message_id)
    row.detail = detail
    if final or row.attempts >= MAX_ATTEMPTS:
        _finish(actor, row, InboundState.QUARANTINED, reason)
        return
    row.due_at = clock.database_now() + BACK_OFF * row.attempts
    row.save()


@action(permission="messaging.handle_mail")
def decide_mail(
    *, actor: Actor, mail: InboundMail, decision: str, conversation: Conversation | None = None
) -> InboundMail:
    """A colleague's word on a mail that waited: try again, treat as new, or add to a conversation. A worker does it.

    Raises `NotReady` when it is handled already or being handled.
    """
    row = _visible(actor, mail)
    row.decision, row.decided_by_id = Decision(decision), actor.user_id
    if conversation is not None:
        row.conversation = conversation
    row.state, row.attempts, row.due_at, row.reason, row.detail = InboundState.RECEIVED, 0, clock.database_now(), "", ""
    row.save()
    record(
        actor=actor, type="messaging.mail_decided", subject=row, anchors=[conversation],
        data={"sender": row.sender_email, "choice": row.get_decision_display()},
    )  # fmt: skip
    enqueue_on_commit("messaging.handle_mail", row.pk)
    return row


@action(permission="messaging.handle_mail")
def discard_mail(*, actor: Actor, mail: InboundMail) -> InboundMail:
    """Nothing comes of this mail; its bytes stay for the record. Raises `NotReady` when it is handled already."""
    row = _visible(actor, mail)
    row.decided_by_id, row.handled_at = actor.user_id, clock.now()
    row.state, row.reason = InboundState.REJECTED, InboundReason.DISCARDED
    row.save()
    record(actor=actor, type="messaging.mail_discarded", subject=row, data={"sender": row.sender_email})
    return row


def _locked(mail_id: int) -> InboundMail | None:
    """The mail while nobody has settled it."""
    return InboundMail.objects.lock().filter(pk=mail_id, state=InboundState.RECEIVED).first()  # type: ignore[no-any-return]


def _visible(actor: Actor, mail: InboundMail) -> InboundMail:
    row = InboundMail.objects.visible_to(actor).lock().filter(pk=mail.pk).first()
    if row is None:
        raise NotFound
    if row.state not in OPEN_TO_DECISION:
        raise NotReady(_("This mail is already handled."))
    return row  # type: ignore[no-any-return]


def _refusal(row: InboundMail, is_flood: bool) -> tuple[str, str]:
    """The state and reason that keep a mail from every handler; two empty texts for none."""
    if row.content_key and _was_handled(row):
        return InboundState.REJECTED, InboundReason.DUPLICATE
    if not row.sender_email:
        return InboundState.QUARANTINED, InboundReason.NO_SENDER
    return (InboundState.HELD, InboundReason.FLOOD) if is_flood else ("", "")


def _was_handled(row: InboundMail) -> bool:
    """A copy that took another way, such as to a second address of ours. Two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inbound:{row.content_key}"])
    same = InboundMail.objects.filter(content_key=row.content_key).exclude(pk=row.pk)
    return same.filter(state__in=[InboundState.HANDLED, InboundState.HELD]).exists()


def _hand_over(row: InboundMail, incoming: Incoming, thread_id: int | None) -> tuple[InboundHandler | None, Outcome]:
    """The conversation that is named, else the one in the subject, else a new record by the mailbox's handler.

    An answer to an invitation names its meeting itself. What a program wrote belongs to no other record.
    """
    if incoming.calendar and row.decision not in {Decision.THREAD, Decision.OPEN}:
        for handler in inbound_handlers:
            found = handler.by_calendar(incoming)
            outcome = handler.reply(incoming, found) if found is not None else None
            if outcome is not None:
                return handler, outcome
    if incoming.automatic:
        return None, Outcome()
    if row.decision == Decision.THREAD:
        named = row.conversation
    elif row.decision == Decision.OPEN:
        named = None
    else:
        named = Conversation.objects.filter(pk=thread_id).first() if thread_id else None
    if named is not None:
        row.conversation = named
        for handler in inbound_handlers:
            outcome = handler.reply(replace(incoming, by_token=not incoming.is_released), named)
            if outcome is not None:
                return handler, outcome
        return None, Outcome(held_because=InboundReason.GONE)
    if row.decision != Decision.OPEN:
        for handler in inbound_handlers:
            found = handler.by_subject(incoming)
            outcome = handler.reply(incoming, found) if found is not None else None
            if outcome is not None:
                return handler, outcome
    return _opened(row, incoming)


def _opened(row: InboundMail, incoming: Incoming) -> tuple[InboundHandler | None, Outcome]:
    handler = inbound_handlers.get(row.mailbox.handler) if row.mailbox and row.mailbox.handler else None
    handler = handler or next(iter(inbound_handlers), None)
    if handler is None:
        return None, Outcome(held_because=InboundReason.NO_HANDLER)
    return handler, handler.open(incoming, row.mailbox.handler_settings if row.mailbox else {})


def _remember(row: InboundMail, email: str, name: str, subject: str, header_id: str) -> None:
    row.sender_email, row.sender_name = email[:254], name[:200]
    row.subject, row.header_id = subject[:500], header_id[:255]


def _finish(actor: Actor, row: InboundMail, state: str, reason: str) -> None:
    """The mail's end, or its rest until somebody decides; the latter is told."""
    row.state, row.reason, row.handled_at = InboundState(state), reason, clock.now()
    row.save()
    if state in {InboundState.HELD, InboundState.QUARANTINED}:
        record(
            actor=actor, type="messaging.mail_waits", subject=row, anchors=[row.conversation],
            data={"sender": row.sender_email, "subject": row.subject, "reason": reason},
        )  # fmt: skip
