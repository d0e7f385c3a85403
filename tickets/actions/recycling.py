"""Out of the recycle bin: back to work, or gone for good."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of, record
from crm.calendars.actions.clocks import restart_clock
from crm.calendars.models import Clock
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.core.sockets import clock_kinds, kinds
from crm.files.models import Attachment
from crm.messaging.models import OutgoingMail
from crm.notifications.models import Notification

from ..choices import UNRESOLVED
from ..models import Ticket
from ..selectors import deleted_tickets
from .deadlines import MEASURES, clocks_of, pause_by_status
from .spans import tell_parts


@action(permission="tickets.delete")
def restore_ticket(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Brings a ticket back with the parts that went with it; its deadlines count on, the time in the bin left out.

    An assignee who has left since is taken off, so that the team's queue decides. Raises `NotFound`, and `NotReady`
    for a part whose ticket is in the bin.
    """
    row = _binned(actor, ticket)
    if row.parent_id is not None and not Ticket.objects.filter(pk=row.parent_id).exists():
        raise NotReady(_("This is a part of a deleted ticket. Restore that ticket first."))
    Ticket.all_objects.filter(parent=row, deleted_at=row.deleted_at).update(deleted_at=None, deleted_by_id=None)
    now = clock.now()
    deleted_at, row.deleted_at, row.deleted_by_id = row.deleted_at or now, None, None
    if row.assignee is not None and not row.assignee.is_active:
        row.assignee, row.accepted_at = None, None
        tell_parts(row)
    row.save()
    if row.status.category in UNRESOLVED:
        for stopped in clocks_of(row):
            restart_clock(stopped, deleted_at)
        pause_by_status(row, now)
        row.save()
    record(actor=actor, type="tickets.restored", subject=row, anchors=[row.customer], data={"number": row.number})
    return row


@action(permission="console.erase")
def erase_ticket(*, actor: Actor, ticket: Ticket) -> None:
    """Removes a ticket of the bin for good: parts, messages, mails, files, deadlines, figures; its history stays.

    Raises `NotFound`.
    """
    row = _binned(actor, ticket)
    for part in Ticket.all_objects.filter(parent=row).order_by("pk"):
        _erase(actor, part)
    _erase(actor, row)


def _erase(actor: Actor, row: Ticket) -> None:
    conversation = row.conversation
    messages = list(conversation.messages.values_list("pk", flat=True))
    record(actor=actor, type="tickets.erased", subject=row, anchors=[row.customer],
           data={"number": row.number, "subject": row.subject})  # fmt: skip
    own = kind_of(row).code
    Clock.objects.filter(kind__in=[clock_kinds[key].code for key in MEASURES], object_id=row.pk).delete()
    Notification.objects.filter(subject_kind=own, object_id=row.pk).delete()
    Attachment.all_objects.filter(kind=kinds["message"].code, object_id__in=messages).delete()
    Attachment.all_objects.filter(kind=own, object_id=row.pk).delete()
    OutgoingMail.objects.filter(related_id__in=messages).delete()
    row.delete()
    conversation.delete()


def _binned(actor: Actor, ticket: Ticket) -> Ticket:
    row: Ticket | None = deleted_tickets(actor).lock().filter(pk=ticket.pk).first()
    if row is None:
        raise NotFound
    return row
