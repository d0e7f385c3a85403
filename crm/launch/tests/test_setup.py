"""What lets a second start leave migrations and static files alone."""

import os

import pytest

from crm.launch import setup
from crm.launch.errors import LaunchError
from crm.launch.setup import applied_migrations, check_broker, static_fingerprint, tables_fingerprint


@pytest.fixture
def base(tmp_path):
    """A small checkout."""
    (tmp_path / "requirements.txt").write_text("django==1\n")
    for name in ("static/css/a.css", "crm/ui/static/b.js", "crm/core/models.py", ".local/static/c.css"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("1")
    return tmp_path


def test_static_files_are_collected_again_only_when_one_changed(base):
    before = static_fingerprint(base)
    (base / "crm/core/models.py").write_text("other")
    (base / ".local/static/c.css").write_text("what collecting wrote")
    assert static_fingerprint(base) == before
    (base / "crm/ui/static/b.js").write_text("other")
    assert static_fingerprint(base) != before


def test_tables_are_migrated_again_when_code_lock_or_database_changed(base):
    before = tables_fingerprint(["core.0001"], base)
    (base / "static/css/a.css").write_text("other")
    assert tables_fingerprint(["core.0001"], base) == before
    assert tables_fingerprint([], base) != before
    (base / "requirements.txt").write_text("django==2\n")
    changed_lock = tables_fingerprint(["core.0001"], base)
    assert changed_lock != before
    (base / "crm/core/models.py").write_text("other")
    assert tables_fingerprint(["core.0001"], base) not in (before, changed_lock)


def test_new_database_has_had_no_migration():
    assert applied_migrations(os.environ["DATABASE_URL"]) == []


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgres://crm@127.0.0.1:1/crm", "The database of DATABASE_URL does not answer: "),
        ("mysql://crm:secret@127.0.0.1/crm", "DATABASE_URL is no address of the form postgres://"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_clear_line(address, sentence):
    with pytest.raises(LaunchError) as caught:
        applied_migrations(address)
    assert str(caught.value).startswith(sentence)
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_an_old_server_is_refused_with_both_numbers(monkeypatch):
    monkeypatch.setattr(setup, "OLDEST_POSTGRES", 99)
    with pytest.raises(LaunchError, match=r"leads to PostgreSQL \d\d; 99 or newer is needed"):
        applied_migrations(os.environ["DATABASE_URL"])


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("redis://127.0.0.1:1/0", "The Redis of REDIS_URL does not answer: "),
        ("amqp://guest:secret@127.0.0.1/", "REDIS_URL is no address of the form redis://"),
    ],
)
def test_a_broker_that_cannot_be_had_is_one_clear_line(address, sentence):
    check_broker(os.environ["REDIS_URL"])
    with pytest.raises(LaunchError) as caught:
        check_broker(address)
    assert str(caught.value).startswith(sentence) and "secret" not in str(caught.value)
