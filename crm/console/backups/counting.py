"""What a database holds, in figures that must come back the same: rows and a digest of each table, sequences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from .server import Server

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
AND n.nspname NOT LIKE 'pg_temp%'
AND NOT EXISTS (
    SELECT 1 FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
)
ORDER BY 1, 2
"""
#: Order of rows does not matter: the first 60 bits of each row's md5, added up.
_DIGEST = (
    "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text FROM {table} AS t"
)
#: Values must read the same whatever a role or database has set.
_PLAIN_TEXT = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
)


@dataclass(frozen=True, slots=True)
class TableCount:
    """A table's rows, and a digest of their contents as decimal digits."""

    rows: int
    digest: str


@contextmanager
def snapshot(server: Server) -> Iterator[Any]:
    """A cursor that sees the database as of one moment, however long it is used and whatever others write."""
    with server.connected() as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute(_PLAIN_TEXT)
            yield cursor


def export(cursor: Any) -> str:
    """The snapshot's name, under which pg_dump sees the same moment while the cursor's transaction lives."""
    cursor.execute("SELECT pg_export_snapshot()")
    return str(cursor.fetchone()[0])


def tables(cursor: Any) -> list[tuple[str, str]]:
    """(schema, name) of every table that is not an extension's."""
    cursor.execute(_TABLES)
    return list(cursor.fetchall())


def count_tables(cursor: Any) -> dict[str, TableCount]:
    """Every table's figures by name; the schema "public" is left out of the name."""
    counted = {}
    for schema, name in tables(cursor):
        cursor.execute(sql.SQL(_DIGEST).format(table=sql.Identifier(schema, name)))
        counted[name if schema == "public" else f"{schema}.{name}"] = TableCount(*cursor.fetchone())
    return counted


def sequence_values(cursor: Any) -> dict[str, int]:
    """The last number that each sequence gave; one never used is left out. Sequences know no snapshot."""
    cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1")
    return dict(cursor.fetchall())


def migrations(cursor: Any) -> list[str]:
    """Applied migrations as "app.name"."""
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def recorded_contents(cursor: Any) -> dict[str, str]:
    """Where every stored content lies below MEDIA_ROOT → its SHA-256, as the rows say."""
    cursor.execute("SELECT storage_name, sha256 FROM files_blob")
    return dict(cursor.fetchall())
