"""What a loading made: for each table the ranges of keys that came in its transaction."""

from __future__ import annotations

from django.db import connection
from psycopg2 import sql

from .tables import tables

VERSION = 1
_LAST = "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass), 0)"
_RANGES = """
    SELECT min(id), max(id) FROM (
        SELECT {key} AS id, {key} - row_number() OVER (ORDER BY {key}) AS run FROM {table} WHERE {key} > %s
    ) AS rows GROUP BY run ORDER BY 1
"""


def keys_before() -> dict[str, int]:
    """The last key that each table has given out. Call it first of all in the loading transaction."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s) IS NOT NULL", [table.name, table.key])
            if cursor.fetchone()[0]:
                cursor.execute(_LAST, [table.name, table.key])
                found[table.name] = cursor.fetchone()[0]
    return found


def made_since(before: dict[str, int]) -> dict[str, object]:
    """The ledger. The transaction must be REPEATABLE READ, so that what others wrote meanwhile is not seen."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            if table.name in before:
                names = {"key": sql.Identifier(table.key), "table": sql.Identifier(table.name)}
                cursor.execute(sql.SQL(_RANGES).format(**names).as_string(cursor.connection), [before[table.name]])
                if rows := cursor.fetchall():
                    found[table.name] = [list(row) for row in rows]
    return {"v": VERSION, "tables": found}
