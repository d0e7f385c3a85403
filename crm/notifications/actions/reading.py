"""A person and their own lines. How somebody reads is no event of the business."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound

from ..models import Notification


@action()
def mark_read(*, actor: Actor, notification_id: int, unread: bool = False) -> Notification:
    """Marks one's own line as read, or as unread again. Raises `NotFound` for anybody else's.

    Marking unread leaves it read while a newer unread line tells of the same matter.
    """
    row = Notification.objects.visible_to(actor).lock().filter(pk=notification_id).first()
    if row is None:
        raise NotFound
    if row.unread == unread:
        return row
    if unread and _has_newer(row):
        return row
    row.unread, row.read_at, row.mail_due_at = unread, None if unread else clock.now(), None
    row.save(update_fields=["unread", "read_at", "mail_due_at"])
    return row


@action()
def mark_all_read(*, actor: Actor) -> int:
    """Marks every line of the actor as read. Returns how many were unread."""
    unread = Notification.objects.visible_to(actor).unread()
    return unread.update(unread=False, read_at=clock.now(), mail_due_at=None)


@action()
def clear_all(*, actor: Actor) -> int:
    """Removes every line of the actor, read or not; the records' own history keeps all of it."""
    return Notification.objects.visible_to(actor).delete()[0]


def _has_newer(row: Notification) -> bool:
    same = Notification.objects.filter(
        user_id=row.user_id, kind=row.kind, subject_kind=row.subject_kind, object_id=row.object_id
    )
    return same.unread().exists()
