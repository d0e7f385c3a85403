"""Taking demo data out: what the ledger names goes, with its parts; what real data hangs on stays.

All of it is a set of (table, key) in a temporary table `demo_gone`. It is filled from the ledger, grows by the parts
of its rows, shrinks by what real rows hold, until neither changes anything; then it is deleted, all or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg2 import sql

from .tables import Link, Pointer, links, on_activity, pointers, tables

_CREATE = """
    DROP TABLE IF EXISTS demo_gone; DROP TABLE IF EXISTS demo_kept;
    CREATE TEMP TABLE demo_gone (tbl text, id bigint, PRIMARY KEY (tbl, id)) ON COMMIT DROP;
    CREATE TEMP TABLE demo_kept (tbl text, id bigint, PRIMARY KEY (tbl, id)) ON COMMIT DROP
"""
_FILL = """
    INSERT INTO demo_gone SELECT {name}, {key} FROM {table} WHERE {key} BETWEEN %s AND %s ON CONFLICT DO NOTHING
"""
# A part whose whole is going goes along.
_PARTS = """
    INSERT INTO demo_gone SELECT {child_name}, c.{child_key} FROM {child} AS c
    JOIN demo_gone AS g ON g.tbl = {parent_name} AND g.id = c.{column} ON CONFLICT DO NOTHING
"""
# A row that stays holds its parent.
_HOLD = """
    INSERT INTO demo_kept SELECT DISTINCT g.tbl, g.id FROM {child} AS c
    JOIN demo_gone AS g ON g.tbl = {parent_name} AND g.id = c.{column}
    WHERE NOT EXISTS (SELECT 1 FROM demo_gone AS own WHERE own.tbl = {child_name} AND own.id = c.{child_key})
    ON CONFLICT DO NOTHING
"""
# A demo part of a kept row stays with it, unless another of its wholes or holds is going.
_STAY = """
    INSERT INTO demo_kept SELECT g.tbl, g.id FROM {child} AS c
    JOIN demo_gone AS g ON g.tbl = {child_name} AND g.id = c.{child_key}
    JOIN demo_kept AS k ON k.tbl = {parent_name} AND k.id = c.{column}
    WHERE {others} ON CONFLICT DO NOTHING
"""
_OTHER = "NOT EXISTS (SELECT 1 FROM demo_gone AS o WHERE o.tbl = {parent_name} AND o.id = c.{column})"
_RELEASE = "DELETE FROM demo_gone AS g USING demo_kept AS k WHERE g.tbl = k.tbl AND g.id = k.id"
_POINTED = """
    INSERT INTO demo_gone SELECT {child_name}, c.{child_key} FROM {child} AS c
    JOIN demo_gone AS g ON g.id = c.{column}
    JOIN unnest(%s::int[], %s::text[]) AS codes (code, tbl) ON codes.code = c.{kind} AND codes.tbl = g.tbl
    ON CONFLICT DO NOTHING
"""
_CLEAR = """
    UPDATE {child} AS c SET {column} = NULL FROM demo_gone AS g WHERE g.tbl = {parent_name} AND g.id = c.{column}
    AND NOT EXISTS (SELECT 1 FROM demo_gone AS own WHERE own.tbl = {child_name} AND own.id = c.{child_key})
"""
_DELETE = "DELETE FROM {table} AS t USING demo_gone AS g WHERE g.tbl = {name} AND g.id = t.{key}"


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went, by table, and the keys that stayed because real data hangs on them."""

    rows: dict[str, int]
    kept: dict[str, list[int]]


def remove(ledger: dict[str, Any]) -> Removed:
    """Deletes what the ledger names. Runs in the caller's transaction; `demo_kept` holds what stayed."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        by_name = {table.name: table for table in tables()}
        for name, ranges in ledger["tables"].items():
            if name in by_name:
                for first, last in ranges:
                    _run(cursor, _FILL, [first, last], name=name, table=name, key=by_name[name].key)
        _settle(cursor)
        cursor.execute("SELECT tbl, array_agg(id ORDER BY id) FROM demo_kept GROUP BY tbl")
        kept = dict(cursor.fetchall())
        for link in links():
            if link.way == "clears":
                _run_link(cursor, _CLEAR, link)
        rows = {}
        for table in tables():
            if count := _run(cursor, _DELETE, name=table.name, table=table.name, key=table.key):
                rows[table.name] = count
        # Their triggers have written of the deletion of what is to leave no trace.
        for link in links():
            if link.is_snapshot:
                _run_link(cursor, _PARTS, link)
                _run(cursor, _DELETE, name=link.child, table=link.child, key=_key(link.child))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return Removed(rows, kept)


def _settle(cursor: Any) -> None:
    """Grows the set by parts, then shrinks it by what is held, then takes what only points at it."""
    records = {table.name for table in tables() if table.is_record}
    parts = [link for link in links() if link.way == "part"]
    _repeat(cursor, [(_PARTS, link) for link in parts if link.child not in records])
    holding = [link for link in links() if link.way == "holds" or (link.way == "part" and link.child in records)]
    while True:
        changed = sum(_run_link(cursor, _HOLD, link) for link in holding)
        cursor.execute(_RELEASE)
        for link in parts:
            changed += _run_link(cursor, _STAY, link, others=_others(link))
        cursor.execute(_RELEASE)
        if not changed:
            break
    pointed = pointers()
    while sum(_point(cursor, pointer) for pointer in pointed):
        _repeat(cursor, [(_PARTS, link) for link in parts if link.child not in records])
    for child, column in on_activity():
        _run_link(cursor, _PARTS, Link(child, column, "activity_activity", "part"))


def _others(link: Link) -> sql.Composable:
    """That no other whole or hold of the child's row is going."""
    texts = [
        sql.SQL(_OTHER).format(parent_name=sql.Literal(other.parent), column=sql.Identifier(other.column))
        for other in links()
        if other.child == link.child and other.column != link.column and other.way != "clears"
    ]
    return sql.SQL(" AND ").join(texts) if texts else sql.SQL("TRUE")


def _repeat(cursor: Any, steps: Sequence[tuple[str, Link]]) -> None:
    while sum(_run_link(cursor, text, link) for text, link in steps):
        pass


def _point(cursor: Any, pointer: Pointer) -> int:
    codes = [list(pointer.codes), list(pointer.codes.values())]
    return _run(
        cursor, _POINTED, codes, child=pointer.child, child_name=pointer.child, child_key=_key(pointer.child),
        column=pointer.column, kind=pointer.kind,
    )  # fmt: skip


def _run_link(cursor: Any, text: str, link: Link, **more: sql.Composable) -> int:
    return _run(
        cursor, text, child=link.child, child_name=link.child, child_key=_key(link.child), column=link.column,
        parent_name=link.parent, **more,
    )  # fmt: skip


def _run(cursor: Any, text: str, values: Sequence[Any] = (), **names: Any) -> int:
    """Runs a statement; a name that ends in `name` is a value, `others` a condition, every other an identifier."""
    parts = {
        key: name if isinstance(name, sql.Composable)
        else sql.Literal(name) if key.endswith("name") else sql.Identifier(name)
        for key, name in names.items()
    }  # fmt: skip
    cursor.execute(sql.SQL(text).format(**parts).as_string(cursor.connection), values or None)
    return int(cursor.rowcount)


def _key(name: str) -> str:
    # What is apart from them has Django's own key.
    return next((table.key for table in tables() if table.name == name), "id")
