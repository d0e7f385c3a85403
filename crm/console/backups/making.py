"""Making an archive while the product runs."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from crm.core import clock

from . import counting
from .archive import DUMP, FILES, ArchiveWriter, Manifest, Member, writing
from .errors import BackupError
from .server import Server, client_major, client_program

#: Sweeps that remove contents; they wait (their own advisory lock) until the archive is written.
_REMOVING = ("files.uploads", "files.strays")


def make(path: Path, *, server: Server, media_root: Path, say: Callable[[str], None]) -> Manifest:
    """Writes the archive. Database and counts are of one moment; files are copied after it.

    A content is never changed in place and none is removed meanwhile, so the files are those of that moment
    and perhaps a few newer ones. Raises `BackupError`; then there is no file at `path`.
    """
    try:
        with writing(path) as archive, _contents_stay(server), counting.snapshot(server) as cursor:
            manifest = _dump(archive, path, server, cursor, say)
            contents = counting.recorded_contents(cursor)
            cursor.connection.rollback()
            _copy_files(archive, media_root, say)
            manifest.missing = _missing(contents, archive.members)
            archive.finish(manifest)
    except OSError as error:
        raise BackupError(f"The archive cannot be written: {error.strerror or error}.") from error
    if manifest.missing:
        say(f"WARNING: {len(manifest.missing)} contents are not on disk as recorded; the manifest lists them")
    return manifest


def _dump(archive: ArchiveWriter, path: Path, server: Server, cursor: Any, say: Callable[[str], None]) -> Manifest:
    """The database as the cursor's transaction sees it, into the archive."""
    created_at = clock.now().astimezone(dt.UTC).isoformat(timespec="seconds")
    major = server.major
    snapshot = counting.export(cursor)
    sequences = counting.sequence_values(cursor)  # before the dump, which may see later numbers but no earlier ones
    draft = path.with_name(f".{path.name}.{os.getpid()}.dump")
    say(f"Dumping the database {server.database}")
    draft.touch(0o600, exist_ok=False)
    try:
        server.run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={draft}", oldest=major)
        archive.add(DUMP, draft)
    finally:
        draft.unlink(missing_ok=True)
    say("Counting rows")
    tables = counting.count_tables(cursor)
    say(f"{len(tables)} tables, {sum(table.rows for table in tables.values()):,} rows")
    return Manifest(
        created_at=created_at,
        revision=revision(),
        server_major=major,
        dump_major=client_major(client_program("pg_dump", major)),
        migrations=counting.migrations(cursor),
        tables=tables,
        sequences=sequences,
    )


def _copy_files(archive: ArchiveWriter, media_root: Path, say: Callable[[str], None]) -> None:
    copied = size = 0
    for found in sorted(media_root.rglob("*")):
        if not found.is_file() or found.is_symlink():
            continue
        try:
            member = archive.add(FILES + found.relative_to(media_root).as_posix(), found)
        except FileNotFoundError:
            continue  # an upload under way was given up
        copied, size = copied + 1, size + member.size
    say(f"{copied} files, {size:,} bytes")


def _missing(contents: dict[str, str], members: dict[str, Member]) -> list[str]:
    """Contents that rows name and the archive does not hold as recorded."""
    held = {name.removeprefix(FILES): member.sha256 for name, member in members.items()}
    return sorted(name for name, sha256 in contents.items() if held.get(name) != sha256)


@contextmanager
def _contents_stay(server: Server) -> Iterator[None]:
    """Holds the locks under which `jobs.ticker.run_sweep` runs what removes files."""
    with server.connected() as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for key in _REMOVING:
                cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"sweep:{key}"])
        yield


def revision() -> str:
    """The commit of this checkout; "" where the product was installed without its history."""
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
