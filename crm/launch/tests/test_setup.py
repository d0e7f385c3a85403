"""What lets a second start leave migrations and static files alone."""

import os

import pytest

from crm.launch.errors import LaunchError
from crm.launch.setup import applied_migrations, static_fingerprint, tables_fingerprint


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


def test_database_that_does_not_answer_is_one_clear_line():
    with pytest.raises(LaunchError, match="The database of DATABASE_URL does not answer"):
        applied_migrations("postgres://crm@127.0.0.1:1/crm")
