"""Hanging files on records, and taking them off."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.core.files.base import File
from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.sockets import attachment_owners, kinds

from ..blobs import StoredBytes, blob_for, stored
from ..checks import check_file
from ..choices import Visibility
from ..models import Attachment, Blob, Upload


@action()
def attach_uploads(
    *,
    actor: Actor,
    form_key: str,
    tokens: Sequence[str],
    kind: str,
    object_id: int,
    visibility: str = Visibility.INTERNAL,
) -> list[Attachment]:
    """Hangs the form's uploads on a record, within the caller's verb, whose activity tells of them.

    Repeating it gives the same attachments. Raises `Invalid` when an upload is no longer there and
    `Conflict` when one already hangs on another record.
    """
    wanted = list(dict.fromkeys(token for token in tokens if token))
    uploads = {row.token: row for row in Upload.objects.visible_to_form(form_key, wanted).lock()}
    if len(uploads) < len(wanted):
        raise Invalid(_("A file is no longer there. Attach it again."))
    return [_claim(actor, uploads[token], kind, object_id, visibility) for token in wanted]


def attach_file(
    *,
    actor: Actor,
    kind: str,
    object_id: int,
    name: str,
    file: File,
    visibility: str = Visibility.INTERNAL,
) -> Attachment:
    """Stores a file and hangs it on a record at once, as incoming mail and demo data do.

    The bytes are written before the transaction of `keep_attachment` opens. Raises `Invalid`.
    """
    checked = check_file(name, file)
    with stored(file, checked.media_type) as content:
        return keep_attachment(
            actor=actor,
            kind=kind,
            object_id=object_id,
            name=checked.name,
            content=content,
            visibility=visibility,
        )


@action()
def keep_attachment(
    *, actor: Actor, kind: str, object_id: int, name: str, content: StoredBytes, visibility: str
) -> Attachment:
    """The row of a stored file on a record."""
    return _attach(actor, blob_for(content), name, kind, object_id, visibility)


@action()
def copy_attachments(*, actor: Actor, kind: str, source_id: int, target_id: int) -> dict[str, str]:
    """Hangs the files of one record on another of the same kind too. Returns uid of the old → uid of the new.

    The contents are shared, so that each record may lose its own. The caller has checked that the actor sees both.
    """
    files = Attachment.objects.on(kind, source_id).select_related("blob")
    return {
        str(file.uid): str(_attach(actor, file.blob, file.name, kind, target_id, file.visibility).uid) for file in files
    }


@action()
def remove_attachment(*, actor: Actor, attachment: Attachment) -> None:
    """Takes a file off its record, at once and for everybody, signed addresses included.

    Raises `NotFound` when the actor may not see it. The content goes with the sweep.
    """
    row = Attachment.objects.lock().filter(pk=attachment.pk).first()
    owner = attachment_owners.get(attachment.kind_key)
    if row is None or owner is None or not owner.visible(actor, row.object_id, row):
        raise NotFound
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    subject = apps.get_model(kinds[row.kind_key].model)._base_manager.get(pk=row.object_id)
    record(actor=actor, type="files.removed", subject=subject, data={"file": row.name})


def _claim(actor: Actor, upload: Upload, kind: str, object_id: int, visibility: str) -> Attachment:
    if upload.claimed_at is None:
        attachment = _attach(actor, upload.blob, upload.name, kind, object_id, visibility)
        upload.claim(attachment)
        return attachment
    attachment = Attachment.objects.on(kind, object_id).filter(pk=upload.attachment_id).first()
    if attachment is None:
        raise Conflict(_("“%(name)s” was already sent with another form.") % {"name": upload.name})
    return attachment


def _attach(actor: Actor, blob: Blob, name: str, kind: str, object_id: int, visibility: str) -> Attachment:
    return Attachment.objects.create(
        kind=kinds[kind].code,
        object_id=object_id,
        name=name,
        blob=blob,
        visibility=Visibility(visibility),
        created_by_kind=actor.person.kind,
        created_by_id=actor.person.id,
        created_by_label=actor.person.label[:200],
    )
