"""Forgetting what nobody sent and what nobody points at."""

from __future__ import annotations

import datetime as dt

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.sockets import Sweep, sweeps

from .blobs import PREVIEW_SUFFIX, erase
from .models import Attachment, Blob, Upload

#: How long an upload waits for its form, and a content for its first use.
ORPHAN_AFTER = dt.timedelta(hours=24)
#: Deleted attachments keep their content this long, as the recycle bin does.
RECYCLE_AFTER = dt.timedelta(days=30)
_BATCH = 200
_SHARDS = 256
_STRAY_EVERY_SECONDS = 300


def forget_uploads() -> int:
    """Staging rows of a day ago, attachments that left the recycle bin, then contents nobody points at."""
    now = clock.database_now()
    uploads, _by_model = Upload.objects.filter(created_at__lt=now - ORPHAN_AFTER).delete()
    binned = Attachment.all_objects.filter(deleted_at__lt=now - RECYCLE_AFTER)
    files, _by_model = Attachment.all_objects.filter(pk__in=binned.values("pk")[:_BATCH]).delete()
    return uploads + files + _forget_blobs(now)


def _forget_blobs(now: dt.datetime) -> int:
    """Each in its own transaction: the row first, the bytes once that is certain."""
    used = Exists(Attachment.all_objects.filter(blob=OuterRef("pk"))) | Exists(
        Upload.objects.filter(blob=OuterRef("pk"))
    )
    lone = Blob.objects.filter(~used, created_at__lt=now - ORPHAN_AFTER)
    done = 0
    for blob_id in list(lone.values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            blob = Blob.objects.select_for_update(of=("self",)).filter(~used, pk=blob_id).first()
            if blob is None:
                continue
            blob.delete()
            transaction.on_commit(lambda gone=blob: erase(gone))  # type: ignore[misc]
        done += 1
    return done


def forget_stray_bytes(shard: int | None = None) -> int:
    """Bytes without a row, left by a process that died between the two. One of 256 folders each time."""
    number = int(clock.now().timestamp() // _STRAY_EVERY_SECONDS) % _SHARDS if shard is None else shard
    folder = f"{number:02x}"
    if not default_storage.exists(folder):
        return 0
    _folders, files = default_storage.listdir(folder)
    names = {f"{folder}/{file}" for file in files}
    known = set(
        Blob.objects.filter(storage_name__in={name.removesuffix(PREVIEW_SUFFIX) for name in names}).values_list(
            "storage_name", flat=True
        )
    )
    oldest = clock.now() - ORPHAN_AFTER
    stray = [
        name
        for name in names
        if name.removesuffix(PREVIEW_SUFFIX) not in known and default_storage.get_modified_time(name) < oldest
    ]
    for name in stray:
        default_storage.delete(name)
    return len(stray)


sweeps.register(
    Sweep("files.uploads", _("Forget files that no form claimed"), 900, forget_uploads, queue="bulk"),
    Sweep(
        "files.strays",
        _("Forget bytes without a record"),
        _STRAY_EVERY_SECONDS,
        forget_stray_bytes,
        queue="bulk",
    ),
)
