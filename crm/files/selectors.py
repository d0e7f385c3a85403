"""Reads of files. Access is always the access to the record they hang on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.sockets import attachment_owners

from .models import Attachment
from .signing import uid_from


def attachments_of(viewer: Actor, kind: str, object_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Files by record, oldest first, for records that the caller has already found visible to the viewer.

    Only staff and the system get internal ones. One query however many records.
    """
    files = Attachment.objects.on(kind, *object_ids).select_related("blob")
    if not (viewer.is_staff or viewer.is_system):
        files = files.public()
    found: dict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        found[file.object_id].append(file)
    return dict(found)


def open_attachment(viewer: Actor, uid: UUID) -> Attachment:
    """The file, when the record it hangs on says that the viewer may open it. Raises `NotFound` otherwise."""
    return _checked(viewer, Attachment.objects.select_related("blob").filter(uid=uid).first())


def open_signed(signed: str) -> Attachment:
    """The public file that a signed address names. Raises `NotFound` when the address is wrong or too old.

    The signature stands for the customer; the record is still asked, so that a deleted one gives nothing.
    """
    uid = uid_from(signed)
    file = Attachment.objects.public().select_related("blob").filter(uid=uid).first() if uid else None
    return _checked(Actor.system("signed address"), file)


def _checked(viewer: Actor, file: Attachment | None) -> Attachment:
    owner = attachment_owners.get(file.kind_key) if file else None
    if file is None or owner is None or not owner.visible(viewer, file.object_id, file):
        raise NotFound
    return file
