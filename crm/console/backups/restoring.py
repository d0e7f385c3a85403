"""The way back: into an empty database, in place of the present one, or beside it as a drill."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.db.migrations.loader import MigrationLoader
from psycopg2 import errors as pg_errors
from psycopg2 import sql

from crm.core import clock

from . import counting
from .archive import DUMP, FILES, ArchiveReader, Hashing, Manifest, reading
from .comparing import Report, compare
from .errors import BackupError, Differs
from .server import Server

Say = Callable[[str], None]

_NAME_LIMIT = 63
#: How often the present database's guests are shown the door before the names are exchanged.
_TRIES, _TRY_SECONDS = 40, 0.25


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. kept: the name of the former database, "" where there was none."""

    manifest: Manifest
    report: Report
    kept: str = ""


def drill(path: Path, *, server: Server, say: Say) -> Report:
    """Restores into a database of its own beside the live one, compares, and drops it again.

    Raises `BackupError`, `Differs`. The role needs the right to create databases.
    """
    beside = server.named(_name(server.database, "restore_drill"))
    with reading(path) as archive:
        _check(archive, say)
        say(f"Restoring beside the live database, into {beside.database}")
        with _fresh(server, beside) as target:
            _fill(archive, target)
            report = _compare(archive, target, {name: member.sha256 for name, member in archive.files.items()})
    return _require_equal(report)


def restore(path: Path, *, server: Server, media_root: Path, replace: bool, say: Say) -> Restored:
    """Restores database and files; the copy is held: it sends nothing until `manage.py activate`.

    An empty database is filled. One with tables is refused unless `replace`: then the archive is restored and
    compared beside it, and the two exchange names; the former one stays under another name.
    Raises `BackupError`, `Differs`; the database is then as it was before, or held.
    """
    with reading(path) as archive:
        _check(archive, say)
        empty = _is_empty(server)
        if not empty and not replace:
            raise BackupError(
                f"The database {server.database} has tables. Give an empty one with --database-url, "
                "or --replace to put the archive in its place (the present one is kept under another name)."
            )
        say(f"Restoring {archive.manifest.created_at} into {server.database}")
        if empty:
            report = _restore_into(archive, server, media_root, path, say)
            return Restored(archive.manifest, _require_equal(report))
        draft = server.named(_name(server.database, "restore_new"))
        with _fresh(server, draft) as target:
            report = _require_equal(_restore_into(archive, target, media_root, path, say))
            kept = _exchange(server, target)
        return Restored(archive.manifest, report, kept)


def _check(archive: ArchiveReader, say: Say) -> None:
    """The whole archive, before anything is written. Raises `BackupError`."""
    say("Checking the archive")
    archive.check(say)
    loader = MigrationLoader(None)
    former = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known = {f"{app}.{name}" for app, name in {*loader.disk_migrations, *former}}
    own_rooms = {name.split(".")[0] for name in known}
    newer = [name for name in archive.manifest.migrations if name not in known and name.split(".")[0] in own_rooms]
    if newer:
        raise BackupError(
            f"The archive was made by another revision ({archive.manifest.revision or 'unknown'}), whose "
            f"{newer[-1]} is not known here: restore it with that revision."
        )
    if "core_installation" not in archive.manifest.tables:
        raise BackupError("The archive has no table core_installation, so the copy could not be kept silent.")


def _is_empty(server: Server) -> bool:
    with counting.snapshot(server) as cursor:
        return not counting.tables(cursor)


def _restore_into(archive: ArchiveReader, target: Server, media_root: Path, path: Path, say: Say) -> Report:
    """Database, silence, files, comparison. Raises `BackupError` while somebody else uses the database."""
    _require_alone(target)
    _fill(archive, target)
    _silence(target, f"Restored from {path.name}, made {archive.manifest.created_at}")
    say(f"Copying {len(archive.files)} files to {media_root}")
    _copy_files(archive, media_root)
    say("Comparing")
    return _compare(archive, target, _hashes(media_root, archive))


def _fill(archive: ArchiveReader, target: Server) -> None:
    """pg_restore in one transaction: all of it or nothing."""
    oldest = max(archive.manifest.dump_major, target.major)
    options = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
    target.run("pg_restore", *options, oldest=oldest, data=archive.open(DUMP))


def _compare(archive: ArchiveReader, target: Server, files: dict[str, str]) -> Report:
    with counting.snapshot(target) as cursor:
        return compare(cursor, archive.manifest, files)


def _require_equal(report: Report) -> Report:
    if not report.ok:
        raise Differs("What was restored is not what the archive says. Do not use it.", report)
    return report


def _require_alone(target: Server) -> None:
    """A worker that is connected would begin to work before the copy is silenced. Raises `BackupError`."""
    with target.connected() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupError(f"{others} others are connected to {target.database}: stop the product first.")


def _silence(target: Server, reason: str) -> None:
    """The row that `core.installation.sends` reads."""
    statement = sql.SQL(
        "INSERT INTO core_installation (id, held_at, reason) VALUES (1, {now}, {reason})"
        " ON CONFLICT (id) DO UPDATE SET held_at = excluded.held_at, reason = excluded.reason"
    )
    target.execute(statement.format(now=sql.Literal(clock.now()), reason=sql.Literal(reason[:200])))


def _copy_files(archive: ArchiveReader, media_root: Path) -> None:
    """Each file appears whole or not at all; one that is there already with the same bytes is left alone."""
    for name, member in archive.files.items():
        place = media_root / name
        if place.is_file() and place.stat().st_size == member.size and _sha256(place) == member.sha256:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".restore-", delete=False) as draft:
            try:
                source = archive.open(FILES + name)
                while chunk := source.read(1024 * 1024):
                    draft.write(chunk)
                draft.flush()
                os.chmod(draft.name, 0o644)
                os.replace(draft.name, place)
            except BaseException:
                os.unlink(draft.name)
                raise


def _hashes(media_root: Path, archive: ArchiveReader) -> dict[str, str]:
    """What now lies on disk, read again."""
    return {name: _sha256(media_root / name) for name in archive.files if (media_root / name).is_file()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        source = Hashing(file)
        while source.read(1024 * 1024):
            pass
    return source.sha256


def _name(database: str, suffix: str) -> str:
    return f"{database[: _NAME_LIMIT - len(suffix) - 1]}_{suffix}"


@contextmanager
def _fresh(server: Server, target: Server) -> Iterator[Server]:
    """A database made for the block and dropped after it, unless it has taken another name by then."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target.database))
    try:
        server.execute(drop, _create(server, target.database))
    except psycopg2.Error as error:
        raise BackupError(f"No database can be made beside the live one: {str(error).strip()}") from error
    try:
        yield target
    finally:
        server.execute(drop)


def _create(server: Server, name: str) -> sql.Composed:
    """CREATE DATABASE with the locale of the live one: under locale C, Chinese trigrams are empty."""
    with server.connected() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d) FROM pg_database d WHERE datname = current_database()")
        live = cursor.fetchone()[0]
    collate, ctype = sql.Literal(live["datcollate"]), sql.Literal(live["datctype"])
    parts = [
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)),
        sql.SQL("LC_COLLATE {} LC_CTYPE {}").format(collate, ctype),
    ]
    if live["datlocprovider"] == "b":
        locale = sql.Literal(live["datlocale"])
        parts.append(sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE {}").format(locale))
    return sql.SQL(" ").join(parts)


def _exchange(server: Server, draft: Server) -> str:
    """The draft takes the live database's name. Returns the name under which the former one is kept.

    Raises `BackupError` when its users keep coming back; both databases are then as before.
    """
    kept = _name(server.database, f"before_{clock.now():%Y%m%d%H%M%S}")
    live, former = sql.Identifier(server.database), sql.Identifier(kept)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    maintenance = server.named("postgres")
    maintenance.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(live))
    moved = False
    try:
        _without_guests(maintenance, server.database, rename.format(live, former))
        moved = True
        _without_guests(maintenance, draft.database, rename.format(sql.Identifier(draft.database), live))
    except BaseException:
        if moved:
            maintenance.execute(rename.format(former, live))
            moved = False
        raise
    finally:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true")
        maintenance.execute(allow.format(former if moved else live))
    return kept


def _without_guests(maintenance: Server, database: str, statement: sql.Composed) -> None:
    """Ends the sessions of a database and runs the statement, until it goes through."""
    end = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
    for _attempt in range(_TRIES):
        try:
            maintenance.execute(end.format(sql.Literal(database)), statement)
            return
        except pg_errors.ObjectInUse:
            time.sleep(_TRY_SECONDS)
    raise BackupError(f"{database} is still in use: stop the product and try again.")
