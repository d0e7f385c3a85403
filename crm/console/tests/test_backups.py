"""One archive, and the way back: real pg_dump and pg_restore against the test server."""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from crm.console.mail import send_password_link
from crm.core import installation
from crm.core.models import Brand
from crm.files.blobs import blob_for, stored
from crm.jobs.ticker import run_sweep
from crm.launch.paths import BASE_DIR
from crm.messaging.delivery import deliver, wake_due
from crm.messaging.models import OutgoingMail
from crm.testing import database

from ..backups import making
from ..backups.archive import CHECKSUM, DUMP, FILES, MANIFEST
from ..backups.errors import BackupError
from ..backups.server import Server, client_program
from .builders import SYSTEM, make_user

pytestmark = pytest.mark.django_db(transaction=True)

TARGET = "crm_restore_target"
PICTURE = b"\x89PNG what a customer sent"


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """A folder of stored contents with one in it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    with stored(ContentFile(PICTURE, "photo.png"), "image/png") as content, transaction.atomic():
        blob_for(content)
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def archive(media: Path, tmp_path: Path) -> Path:
    """A backup of the test database with a person and a picture."""
    make_user("administrator", name="王芳")
    path = tmp_path / "backup.tar"
    call_command("backup", path, stdout=io.StringIO())
    return path


@pytest.fixture
def target() -> Iterator[Server]:
    """An empty database of the same server."""
    database.drop(TARGET)
    database.execute_on_server(database.server_url(), f'CREATE DATABASE "{TARGET}"')
    yield Server.of_django().named(TARGET)
    database.drop(TARGET)


def url_of(server: Server) -> str:
    parts = server.parameters
    secret = f":{parts['password']}" if "password" in parts else ""
    return f"postgres://{parts['user']}{secret}@{parts['host']}:{parts['port']}/{server.database}"


def ask(server: Server, sql: str) -> Any:
    with server.connected() as opened, opened.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def databases() -> set[str]:
    """Those named after the two under test, as copies beside them are; others of the server come and go."""
    with connection.cursor() as cursor:
        named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) OR starts_with(datname, %s)"
        cursor.execute(named, [database.current_name(), TARGET])
        return {row[0] for row in cursor.fetchall()}


def rewritten(source: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of the archive with other members."""
    with tarfile.open(source) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]
    change(members)
    copy = source.with_name("changed.tar")
    with tarfile.open(copy, "w") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return copy


def with_manifest(content: dict[str, bytes], **values: Any) -> None:
    content[MANIFEST] = json.dumps(json.loads(content[MANIFEST]) | values).encode()
    content[CHECKSUM] = hashlib.sha256(content[MANIFEST]).hexdigest().encode()


def test_a_backup_is_verified_beside_the_live_database_and_leaves_nothing_behind(media: Path, tmp_path: Path) -> None:
    make_user("administrator")
    before, said = databases(), io.StringIO()
    path = tmp_path / "b.tar"
    call_command("backup", path, verify=True, stdout=said)
    assert "restores completely" in said.getvalue() and "DIFFERENT" not in said.getvalue()
    assert databases() == before
    assert path.stat().st_mode & 0o077 == 0
    assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["b.tar"]
    with tarfile.open(path) as tar:
        names = tar.getnames()
    assert names[0] == DUMP and names[-2:] == [MANIFEST, CHECKSUM]
    assert not any(secret in path.read_bytes() for secret in (settings.SECRET_KEY.encode(), b"throw-away"))


def test_a_name_that_is_taken_is_not_touched(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", archive, stdout=io.StringIO())
    assert archive.read_bytes() == before


def test_an_empty_database_gets_everything_back_and_is_held(archive: Path, target: Server, tmp_path: Path) -> None:
    said, place = io.StringIO(), tmp_path / "elsewhere"
    call_command("restore", archive, database_url=url_of(target), media_root=place, stdout=said)
    assert ask(target, "SELECT count(*) FROM accounts_user WHERE name = '王芳'") == (1,)
    assert [found.read_bytes() for found in place.rglob("*") if found.is_file()] == [PICTURE]
    held_at, reason = ask(target, "SELECT held_at, reason FROM core_installation")
    assert held_at is not None and "backup.tar" in reason
    assert "manage.py activate" in said.getvalue() and "DIFFERENT" not in said.getvalue()
    assert installation.sends()  # the original goes on
    top, reached = ask(target, "SELECT max(u.id), nextval('accounts_user_id_seq') FROM accounts_user u")
    assert reached > top


def test_a_restored_copy_sends_nothing_until_it_is_activated(
    media: Path, tmp_path: Path, target: Server, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_password_link(actor=SYSTEM, user=make_user("agent"), template_key="console.invitation")
    path, before = tmp_path / "b.tar", database.current_name()
    call_command("backup", path, stdout=io.StringIO())
    call_command("restore", path, database_url=url_of(target), stdout=io.StringIO())
    database.point_to(target.database)
    try:
        mail = OutgoingMail.objects.get()
        assert wake_due() == 0 and deliver(mail.pk) is False and outbox.outbox == []
        call_command("activate", stdout=io.StringIO())
        assert deliver(mail.pk) is True and len(outbox.outbox) == 1
    finally:
        database.point_to(before)
    assert deliver(OutgoingMail.objects.get().pk) is True  # the original was never stopped


def test_a_database_with_tables_is_refused_and_unchanged(archive: Path) -> None:
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", archive, stdout=io.StringIO())
    assert installation.sends()


def test_replace_exchanges_the_databases_and_keeps_the_former_one(archive: Path, target: Server) -> None:
    url = url_of(target)
    call_command("restore", archive, database_url=url, stdout=io.StringIO())
    target.execute("UPDATE core_installation SET held_at = NULL", "DELETE FROM accounts_user_roles")
    before, said = databases(), io.StringIO()
    call_command("restore", archive, database_url=url, replace=True, stdout=said)
    (kept,) = databases() - before
    try:
        assert kept in said.getvalue()
        assert ask(target.named(kept), "SELECT count(*) FROM accounts_user_roles") == (0,)
        assert ask(target, "SELECT count(*) FROM accounts_user_roles") == (1,)
        assert ask(target, "SELECT held_at IS NOT NULL FROM core_installation") == (True,)
    finally:
        database.drop(kept)


def test_nobody_may_work_in_the_database_that_is_filled(archive: Path, target: Server) -> None:
    with target.connected(), pytest.raises(CommandError, match="stop the product"):
        call_command("restore", archive, database_url=url_of(target), stdout=io.StringIO())
    assert ask(target, "SELECT to_regclass('core_brand')") == (None,)


@pytest.mark.parametrize("kind", ["dump", "file", "manifest", "checksum"])
def test_each_damaged_member_is_refused_before_anything_is_written(archive: Path, target: Server, kind: str) -> None:
    def damage(members: dict[str, bytes]) -> None:
        name = {"dump": DUMP, "manifest": MANIFEST, "checksum": CHECKSUM}.get(kind) or next(
            name for name in members if name.startswith(FILES)
        )
        content = bytearray(members[name])
        content[len(content) // 2] ^= 1
        members[name] = bytes(content)

    with pytest.raises(CommandError, match=r"checksum|damaged"):
        call_command("restore", rewritten(archive, damage), database_url=url_of(target), stdout=io.StringIO())
    assert ask(target, "SELECT to_regclass('core_brand')") == (None,)


def test_missing_added_and_strange_members_are_refused(archive: Path, tmp_path: Path) -> None:
    def lose(members: dict[str, bytes]) -> None:
        del members[next(name for name in members if name.startswith(FILES))]

    def add(members: dict[str, bytes]) -> None:
        members["files/../../escaped"] = b"x"

    def escape(members: dict[str, bytes]) -> None:
        members["files/../../escaped"] = b"x"
        held = json.loads(members[MANIFEST])["members"]
        entry = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
        with_manifest(members, members={**held, "files/../../escaped": entry})

    for change, words in ((lose, "missing"), (add, "not in the manifest"), (escape, "no name that a backup writes")):
        with pytest.raises(CommandError, match=words):
            call_command("restore", rewritten(archive, change), beside=True, stdout=io.StringIO())
    assert not (tmp_path.parent / "escaped").exists()


def test_what_is_no_archive_is_said(archive: Path, tmp_path: Path) -> None:
    cut, noise = tmp_path / "cut.tar", tmp_path / "noise.tar"
    cut.write_bytes(archive.read_bytes()[:20_000])
    noise.write_bytes(os.urandom(5000))
    for path in (cut, noise, tmp_path / "none.tar"):
        with pytest.raises(CommandError, match=r"cut off|no backup|no file"):
            call_command("restore", path, beside=True, stdout=io.StringIO())


def test_other_formats_and_newer_products_are_refused(archive: Path) -> None:
    newer = rewritten(archive, lambda members: with_manifest(members, migrations=["core.9999_tomorrow"]))
    with pytest.raises(CommandError, match="9999_tomorrow"):
        call_command("restore", newer, beside=True, stdout=io.StringIO())
    other = rewritten(archive, lambda members: with_manifest(members, format=2))
    with pytest.raises(CommandError, match="format 2"):
        call_command("restore", other, beside=True, stdout=io.StringIO())


def test_a_difference_is_shown_and_has_its_own_exit_code(archive: Path) -> None:
    def lie(members: dict[str, bytes]) -> None:
        tables = json.loads(members[MANIFEST])["tables"]
        tables["accounts_user"]["rows"] += 1
        with_manifest(members, tables=tables)

    before, said = databases(), io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("restore", rewritten(archive, lie), beside=True, stdout=said)
    assert failed.value.returncode == 3
    assert any("accounts_user" in line for line in said.getvalue().splitlines() if line.startswith("DIFFERENT"))
    assert databases() == before


def test_counts_and_dump_are_of_one_moment(media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes after the snapshot was taken and before pg_dump reads."""
    taken = making.counting.export

    def export_then_write(cursor: Any) -> str:
        name = taken(cursor)
        make_user("agent", name="Too late")
        return name

    monkeypatch.setattr(making.counting, "export", export_then_write)
    path, said = tmp_path / "b.tar", io.StringIO()
    call_command("backup", path, verify=True, stdout=said)
    assert "DIFFERENT" not in said.getvalue()
    with tarfile.open(path) as tar:
        manifest = json.load(tar.extractfile(MANIFEST))  # type: ignore[arg-type]
    assert manifest["tables"]["accounts_user"]["rows"] == 0


def test_no_content_is_removed_while_files_are_copied(media: Path, tmp_path: Path) -> None:
    seen = []
    making.make(
        tmp_path / "b.tar",
        server=Server.of_django(),
        media_root=media,
        say=lambda line: seen.append((line, run_sweep("files.uploads"))),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_sweeprun WHERE key = 'files.uploads'")
        assert seen and cursor.fetchone() == (0,)
    run_sweep("files.uploads")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_sweeprun WHERE key = 'files.uploads'")
        assert cursor.fetchone() == (1,)


def test_a_content_that_is_gone_from_the_disk_is_reported_and_does_not_stop_the_backup(
    media: Path, tmp_path: Path
) -> None:
    next(found for found in media.rglob("*") if found.is_file()).unlink()
    said = io.StringIO()
    call_command("backup", tmp_path / "b.tar", verify=True, stdout=said)
    assert "WARNING: 1 contents" in said.getvalue()


@pytest.mark.parametrize("limit_bytes", [4096, 120_000])
def test_a_full_disk_leaves_no_archive(media: Path, tmp_path: Path, limit_bytes: int) -> None:
    """A limit on file sizes stands for the full disk: pg_dump meets it, or the archive does."""
    place = tmp_path / "full"
    place.mkdir()
    done = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "backup", str(place / "b.tar")],
        env={**os.environ, "DATABASE_URL": url_of(Server.of_django()), "DJANGO_SETTINGS_MODULE": "crm.settings.test",
             "MEDIA_ROOT": str(media), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert "CommandError" in done.stderr
    assert list(place.iterdir()) == []


def test_a_program_that_is_too_old_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    major = Server.of_django().major
    assert client_program("pg_dump", major).is_file()
    with pytest.raises(BackupError, match="POSTGRES_BIN"):
        client_program("pg_dump", 99)


def test_addresses_of_other_databases_are_refused() -> None:
    for address in ("sqlite:///x.db", "nonsense", "postgres://host"):
        with pytest.raises(BackupError, match="postgres://"):
            Server.of_url(address)
    assert Brand.objects.exists()
