"""pytest plugin: the test database is a clone of a template that is migrated once.

A clone takes a tenth of a second. Tests with `transaction=True` get a fresh clone afterwards instead of a
flush, which would empty the rows that migrations bring (statuses, roles, the brand).
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crm.launch.paths import BASE_DIR
from crm.launch.postgres import execute_on_server

#: Held on the database that the tests were given while one process migrates and the others wait.
TEMPLATE_LOCK = 72_130_511
#: Rights and mail texts are seeded from what apps declare; each of these is a module or a package.
SOURCES = (
    "migrations/*.py", "seeds.py", "seeds/*.py", "permissions.py", "permissions/*.py", "mail_templates.py",
    "public_holidays.py",
)  # fmt: skip


def server_url() -> str:
    """The server itself, by its maintenance database."""
    return os.environ["DATABASE_URL"]


def template_prefix() -> str:
    """Names the templates of this run's database; runs on other databases of the server have their own."""
    return f"{urlsplit(server_url()).path.strip('/')[:30]}_template_"


def sources_of_the_template() -> list[Path]:
    """The files whose change asks for a new template: migrations, seeds, and the declarations that seeds read."""
    apps = [BASE_DIR / name for name in ("crm", "customers", "knowledge", "tickets", "sales", "marketing", "reports")]
    return sorted({path for app in apps for name in SOURCES for path in app.rglob(name)})


def migrations_hash() -> str:
    """Changes with any migration or seeded row of the checkout and any pinned package."""
    seen = hashlib.sha256((BASE_DIR / "requirements.txt").read_bytes())
    for path in sources_of_the_template():
        seen.update(str(path.relative_to(BASE_DIR)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def drop(name: str) -> None:
    """Drop a database and whatever is connected to it."""
    execute_on_server(server_url(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def clone(name: str, template: str) -> None:
    """Make the database anew as a copy of the template."""
    execute_on_server(
        server_url(),
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
    )


@contextmanager
def one_process_at_a_time() -> Iterator[None]:
    """Waits until no other process of this server makes a template."""
    import psycopg2

    connection = psycopg2.connect(server_url())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            yield
    finally:
        connection.close()


def point_to(name: str) -> None:
    """Let Django's default connection use another database of the same server."""
    from django.conf import settings
    from django.db import connections

    connections["default"].close()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def current_name() -> str:
    """The database that Django's default connection uses."""
    from django.db import connections

    return str(connections["default"].settings_dict["NAME"])


def ensure_template() -> str:
    """Migrate the template, unless this or another process did. Returns its name."""
    from django.core.management import call_command
    from django.db import connections

    name = template_prefix() + migrations_hash()
    with one_process_at_a_time():
        if exists(name):
            return name
        draft = f"{name}_draft"
        for old in _templates():
            drop(old)
        execute_on_server(server_url(), create_missing=draft)
        before = current_name()
        point_to(draft)
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            connections["default"].close()
            point_to(before)
        rename(draft, name)
    return name


def rename(before: str, after: str) -> None:
    """Give a database that nobody is connected to another name."""
    execute_on_server(server_url(), f'ALTER DATABASE "{before}" RENAME TO "{after}"')


def _query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    import psycopg2

    connection = psycopg2.connect(server_url())
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
    finally:
        connection.close()


def exists(name: str) -> bool:
    """Whether the server has that database."""
    return bool(_query("SELECT 1 FROM pg_database WHERE datname = %s", name))


def _templates() -> list[str]:
    named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    return [row[0] for row in _query(named, template_prefix())]


@pytest.fixture(scope="session")
def database_template(django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of the migrated template database; it is never connected to while tests run."""
    with django_db_blocker.unblock():
        return ensure_template()


@pytest.fixture(scope="session")
def django_db_setup(
    database_template: str, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Replaces pytest-django's: one clone per process, fresh clones after transactional tests."""
    from django.test import TransactionTestCase

    name = f"crm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        before = current_name()
        clone(name, database_template)
        point_to(name)

    def renew(_self: Any) -> None:
        from django.db import connections

        connections.close_all()
        clone(name, database_template)

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = renew  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        point_to(before)
        drop(name)
