"""Keeping contents: bytes first, outside any transaction; then one row for each distinct content."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage

from .models import Blob
from .sniffing import media_type_of

#: The re-encoded picture lies beside its original.
PREVIEW_SUFFIX = ".preview"


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A content that lies in the storage and has no row yet."""

    storage_name: str
    sha256: str
    size: int
    media_type: str


def digest(file: File) -> str:
    """The SHA-256 of a file in hex; leaves the position at the start."""
    sha = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        sha.update(chunk)
    file.seek(0)
    return sha.hexdigest()


@contextmanager
def stored(file: File, media_type: str = "") -> Iterator[StoredBytes]:
    """Writes the bytes under a fresh random name for the block to give them a row.

    Bytes that no row took (the content was known, or the block failed) are removed again.
    """
    sha256, media_type = digest(file), media_type or media_type_of(file)
    name = uuid.uuid4().hex
    saved = default_storage.save(f"{name[:2]}/{name}", File(file))
    try:
        yield StoredBytes(saved, sha256, file.size, media_type)
    finally:
        if not Blob.objects.filter(storage_name=saved).exists():
            default_storage.delete(saved)


def blob_for(content: StoredBytes) -> Blob:
    """The row of a content, made when it is new and locked against the sweep. Call inside a transaction.

    A row that the sweep is just deleting is waited for and then made anew.
    """
    for _attempt in range(3):
        Blob.objects.bulk_create(
            [
                Blob(
                    sha256=content.sha256,
                    size=content.size,
                    media_type=content.media_type,
                    storage_name=content.storage_name,
                )
            ],
            ignore_conflicts=True,
        )
        blob = Blob.objects.lock().filter(sha256=content.sha256).first()
        if blob is not None:
            return blob
    raise RuntimeError(f"content {content.sha256} is deleted as fast as it is stored")


def erase(blob: Blob) -> None:
    """Removes the bytes and the preview of a blob whose row is gone."""
    default_storage.delete(blob.storage_name)
    default_storage.delete(blob.storage_name + PREVIEW_SUFFIX)
