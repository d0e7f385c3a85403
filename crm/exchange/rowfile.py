"""The rows of an import between its steps: one JSON line each in the storage, read from any offset.

A job reads as many as it needs from where it stopped, so its memory does not depend on the file.
"""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator

from django.core.files.base import File
from django.core.files.storage import default_storage

#: Number in the file, and its cells.
Row = tuple[int, list[str]]


def write(rows: Iterable[Row]) -> tuple[str, int]:
    """Stores rows; gives where they lie and how many they are."""
    count = 0
    with tempfile.TemporaryFile() as target:
        for number, cells in rows:
            target.write(json.dumps([number, cells], ensure_ascii=False).encode())
            target.write(b"\n")
            count += 1
        target.seek(0)
        path = default_storage.save(f"imports/{uuid.uuid4().hex}.jsonl", File(target))
    return path, count


def read(path: str, offset: int = 0) -> Iterator[tuple[Row, int]]:
    """Rows from a byte offset on, each with the offset after it."""
    with default_storage.open(path) as source:
        source.seek(offset)
        while line := source.readline():
            number, cells = json.loads(line)
            offset += len(line)
            yield (number, cells), offset


def gathered(path: str, key_of: Callable[[list[str]], str]) -> str:
    """A file in which rows of one key stand together where the first of them stood; "" stays alone."""
    places: dict[str, list[int]] = {}
    before = 0
    for (number, cells), after in read(path):
        places.setdefault(key_of(cells) or f"\0{number}", []).append(before)
        before = after
    with default_storage.open(path) as source, tempfile.TemporaryFile() as target:
        for offsets in places.values():
            for offset in offsets:
                source.seek(offset)
                target.write(source.readline())
        target.seek(0)
        return default_storage.save(f"imports/{uuid.uuid4().hex}.jsonl", File(target))


def remove(path: str) -> None:
    """Takes the rows off the storage; nothing happens when they are gone."""
    if path:
        default_storage.delete(path)
