"""A conversation as a page shows it: messages with their files, and the quiet lines of events between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activity.models import Activity, Anchor
from crm.activity.recording import kind_of
from crm.activity.selectors import Entry, entry_of
from crm.core.actor import Actor, ActorKind
from crm.core.sockets import activity_types
from crm.files.models import Attachment
from crm.files.selectors import attachments_of
from crm.files.signing import signed_preview_url, signed_url
from crm.messaging.choices import Direction, MessageState
from crm.messaging.models import Message
from crm.messaging.selectors import messages_of

from .merging import further_conversations
from .models import Ticket

PAGE = 30
#: Events that stand between messages; replies and notes stand there themselves.
LINES = (
    "tickets.submitted", "tickets.assigned", "tickets.queued", "tickets.accepted", "tickets.status_changed",
    "tickets.priority_changed", "tickets.type_changed", "tickets.resolved", "tickets.closed", "tickets.reopened",
    "tickets.reassigned", "tickets.sla_at_risk", "tickets.sla_breached", "tickets.rated", "tickets.verified",
    "tickets.macro_run", "tickets.part_opened", "tickets.part_finished", "tickets.merged", "tickets.unmerged",
    "tickets.stood_in", "tickets.taken_back", "tickets.handed_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file under a message."""

    url: str
    name: str
    size: int
    is_image: bool
    preview_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation: a message (`kind` customer, reply or note) or an event.

    quoted: what a mail carried below the new words; staff unfold it.
    """

    at: dt.datetime
    kind: str
    id: int
    name: str = ""
    avatar_key: str = ""
    small: str = ""
    text: str = ""
    quoted: str = ""
    files: Sequence[FileShown] = ()
    failed: str = ""
    is_new: bool = False
    event: Entry | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The newest page, oldest first. before: the id to load older messages from, None at the start.

    duplicates: the merged tickets whose messages are among the lines.
    """

    lines: Sequence[Line]
    before: int | None
    newest_id: int | None
    ids: Sequence[int] = field(default=())
    duplicates: Sequence[Ticket] = ()


def conversation_for_staff(viewer: Actor, ticket: Ticket, before: int | None = None) -> Conversation:
    """Messages, notes and events, those of merged duplicates among them. Four queries and one for files."""
    further = further_conversations(ticket)
    messages = messages_of(viewer, ticket.conversation, before=before, limit=PAGE, further=further)
    files = attachments_of(viewer, "message", [message.pk for message in messages])
    inbound = [message.pk for message in messages if message.direction == Direction.INBOUND]
    unanswered = max(inbound, default=None) if ticket.customer_waits and before is None else None
    lines = [
        _message(
            message, further.get(message.conversation_id, ticket), files.get(message.pk, []), _staff_url, unanswered,
            is_merged=message.conversation_id in further,
        )
        for message in messages
    ]  # fmt: skip
    complete = len(messages) < PAGE
    since = None if complete else messages[0].created_at
    until = Message.objects.filter(pk=before).values_list("created_at", flat=True).first() if before else None
    lines += [_event(entry) for entry in _events(ticket, since, until)]
    lines.sort(key=lambda line: (line.at, line.kind != "event"))
    newest = messages[-1].pk if messages else None
    before_id = None if complete else messages[0].pk
    return Conversation(lines, before_id, newest, duplicates=list(further.values()))


def conversation_for_customer(ticket: Ticket, *, proved: bool) -> list[Line]:
    """What the customer reads: public messages only; who did not prove the address sees just their own words.

    Of merged duplicates only those of the same requester are among them: nobody reads another customer's words.
    """
    viewer = Actor.contact(ticket.contact_id, ticket.contact.name)
    further = further_conversations(ticket, customer_only=True) if proved else {}
    messages = messages_of(viewer, ticket.conversation, public_only=True, limit=200, further=further)
    if not proved:
        messages = [message for message in messages if message.direction == Direction.INBOUND][:1]
    files = attachments_of(viewer, "message", [message.pk for message in messages])
    lines = [_message(message, ticket, files.get(message.pk, []), signed_url) for message in messages]
    return [replace(line, small="", name=_theirs(line, lines[0], ticket)) for line in lines]


def _theirs(line: Line, first: Line, ticket: Ticket) -> str:
    """Until the address is proved, the customer has no other name than the one that was typed."""
    return first.name if line.kind == "customer" and ticket.verified_at is None else line.name


def _message(
    message: Message,
    ticket: Ticket,
    files: list[Attachment],
    url: Callable[[Attachment], str],
    newest_id: int | None = None,
    *,
    is_merged: bool = False,
) -> Line:
    """ticket: the one it was written on, another than the page's for a merged duplicate (is_merged)."""
    kind = {Direction.INBOUND: "customer", Direction.OUTBOUND: "reply"}.get(Direction(message.direction), "note")
    small = ""
    if kind == "customer":
        small = _("Customer")
    elif kind == "reply":
        small = _("to %(name)s") % {"name": ticket.contact.name}
    if is_merged:
        small = " · ".join(part for part in (small, ticket.label) if part)
    return Line(
        at=message.created_at,
        kind=kind,
        id=message.pk,
        name=_author(message),
        avatar_key=f"{message.author_kind}-{message.author_id}",
        small=small,
        text=message.body,
        quoted=message.quoted or "",
        files=[_file(entry, url) for entry in files],
        failed=message.error if message.state == MessageState.FAILED else "",
        is_new=message.pk == newest_id,
    )


def _author(message: Message) -> str:
    return _("The system") if message.author_kind == ActorKind.SYSTEM else message.author_label


def _file(attachment: Attachment, url: Callable[[Attachment], str]) -> FileShown:
    is_image = attachment.blob.media_type.startswith("image/")
    preview = ""
    if is_image:
        staff = url is _staff_url
        preview = (
            reverse("files:attachment_preview", args=[attachment.uid]) if staff else signed_preview_url(attachment)
        )
    return FileShown(url(attachment), attachment.name, attachment.blob.size, is_image, preview)


def _staff_url(attachment: Attachment) -> str:
    return reverse("files:attachment_download", args=[attachment.uid, attachment.name])


def _events(ticket: Ticket, since: dt.datetime | None, until: dt.datetime | None) -> list[Entry]:
    codes = [activity_types[key].code for key in LINES]
    anchors = Anchor.objects.filter(kind=kind_of(ticket).code, object_id=ticket.pk, type__in=codes)
    rows = Activity.objects.filter(pk__in=anchors.order_by("-activity_id").values("activity_id")[:100])
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return [entry_of(row) for row in rows.order_by("at", "pk")]


def _event(entry: Entry) -> Line:
    return Line(at=entry.at, kind="event", id=entry.id, event=entry)
