"""Makes a small demo many times larger, set by set, with everything that belongs to a record.

    DATABASE_URL=postgres://… python -m benchmarks.grow --tickets 20000 --customers 4000 --times 50

Loading a million tickets as `loaddemo` does takes most of an hour. This copies the rows of a small demo inside the
database instead: every table that hangs on customers, tickets, messages or deeds, with its keys, foreign keys and
stored (kind, id) pairs moved along, so that each copy has its own people, addresses, conversation, clocks, spans,
figures, deeds, anchors and search entry. Keys keep the order of time. What must be unique (numbers, tokens, addresses)
becomes so; customers and people get names of their own, and their search entries are written by the product. Indexes
other than unique ones are dropped before and built again after. Triggers do not run: what they write is copied too.

A million tickets need about 20 GB and, where other work runs, most of an hour. `--deep 10` copies tickets and history
for a fifth of the customers only; the others are new ones without a story. Name a database that may be thrown away.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks import harness

#: Whatever hangs on these grows, directly or through others.
_ROOTS = ("customers_customer", "messaging_conversation", "activity_activity")
#: Kinds whose search entries the product writes anew, since their names change.
PEOPLE = ("customer", "contact")
#: Waiting work, the running of the product and what a company has few of stay as they are.
_STAY = frozenset(
    {
        "activity_outbox", "django_session", "exchange_writtenrow", "integrations_webhookdelivery",
        "messaging_inboundmail", "marketing_campaign", "marketing_campaign_excluded", "marketing_campaign_segments",
        "marketing_campaigncost", "marketing_campaignlink", "marketing_landingday", "marketing_landingpage",
        "marketing_postresult", "marketing_step", "customers_segment", "customers_segmentcheck",
    }
)  # fmt: skip
#: Copied for every copy; the rest, which hangs on conversations and deeds, for the first `--deep` ones only.
_WIDE = ("customers_", "fields_tagging", "sales_")
#: The order: customers, then tickets, then the rest, the largest tables last, so that one can look meanwhile.
_ORDER = ("customers_", "fields_", "sales_", "tickets_", "messaging_", "search_")
_LAST = ("activity_activity", "activity_anchor", "tickets_assignmentdecision")
#: What makes the names of the copies differ.
_MARKS = [
    "东城", "南海", "西湖", "北辰", "长江", "黄河", "泰山", "华山", "金桥", "银河", "星光", "朝阳",
    "春风", "秋实", "瑞丰", "恒通", "永安", "和平", "远景", "新元", "卓越", "天成", "宏图", "盛世",
    "嘉禾", "凌云", "海纳", "百川", "明德", "至诚",
]  # fmt: skip
_LATIN = [
    "North", "South", "East", "West", "Upper", "Lower", "Royal", "Silver", "Golden", "Crystal", "Summit",
    "Valley", "Bridge", "Garden", "Castle", "Forest", "River", "Mountain", "Ocean", "Island", "Prairie",
    "Meadow", "Orchard", "Lantern", "Compass", "Anchor", "Beacon", "Falcon", "Heron", "Cedar",
]  # fmt: skip
_COLUMNS = """
    SELECT column_name, udt_name, character_maximum_length FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_UNIQUE = """
    SELECT array_agg(a.attname ORDER BY k.place) FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY i.indexrelid
"""
_DEFERRED = (
    "SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = %s::regclass AND condeferrable AND contype = 'u')"
)
_PLAIN = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s::regclass AND NOT i.indisunique
"""


class Growth:
    """One growing of a database: which tables, and where their keys go.

    The copy number n of key x gets the key `top + x * times + n`: above all others, and in the order of the old ones.
    """

    def __init__(self, cursor: Any, times: int, deep: int):
        from crm.console.demo_data import tables as graph

        self.cursor, self.times, self.deep, self.graph = cursor, times, deep, graph
        self.keys = {table.name: table.key for table in graph.tables()}
        self.tables = self._growing()
        self.tops = {name: self._top(name, self.keys[name]) for name in self.tables}
        self.last_number = self._top("tickets_ticket", "number")
        cursor.execute("SELECT id FROM customers_customer WHERE is_internal")
        #: The brands' own companies are not copied: their people and requests get more, they themselves stay.
        self.own = ", ".join(str(pk) for (pk,) in cursor.fetchall())

    def _growing(self) -> list[str]:
        found, links = set(_ROOTS), self.graph.links()
        while more := {link.child for link in links if link.parent in found} - found - _STAY:
            found |= more & set(self.keys)
            if not more & set(self.keys):
                break
        on_activity = {table for table, _column in self.graph.on_activity()}
        pointed = {p.child for p in self.graph.pointers() if set(p.codes.values()) & found}
        known = ((found | on_activity | pointed) - _STAY) & set(self.keys)
        return sorted((name for name in known if self._holds(name)), key=_place)

    def _holds(self, table: str) -> bool:
        return self._value(f'SELECT EXISTS (SELECT FROM "{table}")')

    def _top(self, table: str, column: str) -> int:
        return self._value(f'SELECT COALESCE(max("{column}"), 0) FROM "{table}"')

    def _value(self, statement: str, values: Iterable[Any] = ()) -> Any:
        self.cursor.execute(statement, list(values))
        return self.cursor.fetchone()[0]

    def moved(self, column: str, top: int, parent: str = "") -> str:
        """The key of the copy."""
        there = f'{top} + o."{column}"::bigint * {self.times} + n'
        if parent == "customers_customer" and self.own:
            return f'CASE WHEN o."{column}" IN ({self.own}) THEN o."{column}" ELSE {there} END'
        return there

    def expressions(self, table: str) -> dict[str, str]:
        """Column → what the copy holds there."""
        self.cursor.execute(_COLUMNS, [table])
        kinds = {name: (udt, size) for name, udt, size in self.cursor.fetchall()}
        found = {name: f'o."{name}"' for name in kinds}
        moving = {self.keys[table]: table}
        moving |= {x.column: x.parent for x in self.graph.links() if x.child == table and x.parent in self.tops}
        moving |= {column: "activity_activity" for name, column in self.graph.on_activity() if name == table}
        found |= {column: self.moved(column, self.tops[name], name) for column, name in moving.items()}
        for pointer in self.graph.pointers():
            if pointer.child == table:
                cases = " ".join(
                    f"WHEN {code} THEN {self.moved(pointer.column, self.tops[name], name)}"
                    for code, name in pointer.codes.items()
                    if name in self.tops
                )
                if cases:
                    found[pointer.column] = f'CASE o."{pointer.kind}" {cases} ELSE o."{pointer.column}" END'
        self.cursor.execute(_UNIQUE, [table])
        for (columns,) in self.cursor.fetchall():
            if all(found[column] == f'o."{column}"' for column in columns):
                self._distinguish(table, columns, kinds, found)
        if table == "search_searchentry":
            there = self.moved("number", self.last_number)
            found["number"] = f"CASE WHEN o.number ~ '^[0-9]+$' THEN ({there})::text ELSE o.number END"
        return found

    def _distinguish(self, table: str, columns: list[str], kinds: dict[str, Any], found: dict[str, str]) -> None:
        keys = {link.column for link in self.graph.links() if link.child == table}
        for column in reversed([name for name in columns if name not in keys]):
            udt, size = kinds[column]
            old = f'o."{column}"'
            if udt in ("varchar", "text"):
                room = f"length({old}) + 3 <= {size}" if size else "true"
                short = f"left(md5({old} || n) || {old}, {size or 40})"
                found[column] = (
                    f"CASE WHEN {old} = '' THEN '' WHEN strpos({old}, '@') > 0 THEN n || '.' || {old} "
                    f"WHEN {old} ~ '^[+][0-9]+$' THEN {old} || lpad(n::text, 2, '0') "
                    f"WHEN {room} THEN {old} || '-' || n ELSE {short} END"
                )
                return
            if udt == "uuid":
                found[column] = "gen_random_uuid()"
                return
            if udt in ("int4", "int8"):
                found[column] = self.moved(column, self._top(table, column))
                return

    def copy(self, table: str) -> int:
        """Fills one table; indexes that nothing needs meanwhile are built afterwards."""
        columns = self.expressions(table)
        self.cursor.execute(_PLAIN, [table])
        indexes = self.cursor.fetchall()
        for name, _definition in indexes:
            self.cursor.execute(f'DROP INDEX "{name}"')
        key = self.keys[table]
        names = ", ".join(f'"{name}"' for name in columns)
        copies = (self.times if table.startswith(_WIDE) else self.deep) - 1
        left_out = {
            "search_searchentry": f" WHERE o.kind NOT IN {self._people()}",
            "customers_customer": " WHERE NOT o.is_internal",
        }
        only = left_out.get(table, "")
        others = "" if self._value(_DEFERRED, [table]) else " ON CONFLICT DO NOTHING"
        self.cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} FROM (SELECT * FROM "{table}" '
            f'ORDER BY "{key}") o CROSS JOIN generate_series(1, {copies}) n{only}{others}'
        )
        count = self.cursor.rowcount
        for _name, definition in indexes:
            self.cursor.execute(definition)
        sequence = self._value("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
        if sequence:
            self.cursor.execute(f'SELECT setval(%s, (SELECT max("{key}") FROM "{table}"))', [sequence])
        self.cursor.execute(f'ANALYZE "{table}"')
        return int(count)

    def _people(self) -> str:
        from crm.core.sockets import kinds

        return f"({', '.join(str(kinds[key].code) for key in PEOPLE if key in kinds)})"


def _place(table: str) -> tuple[bool, int, str]:
    group = next((number for number, start in enumerate(_ORDER) if table.startswith(start)), len(_ORDER))
    return table in _LAST, group, table


def name_again(cursor: Any) -> int:
    """Copies of customers and people get names of their own, with the keys that the product makes of them."""
    from psycopg2.extras import execute_values

    from crm.core import names

    done = 0
    for table in ("customers_customer", "customers_contact"):
        cursor.execute(f"SELECT id, name, row_number() OVER (PARTITION BY name ORDER BY id) - 1 FROM {table}")
        rows = []
        for pk, name, copy in cursor.fetchall():
            if copy:
                chinese = any("\u4e00" <= letter <= "\u9fff" for letter in name)
                turn, mark = divmod(copy, len(_MARKS))
                tail = str(turn + 1) if turn else ""
                fresh = _MARKS[mark] + name + tail if chinese else f"{_LATIN[mark]} {name} {tail}".strip()
                fresh = fresh[:200]
                rows.append((pk, fresh, names.sort_key(fresh), names.search_key(fresh)))
        execute_values(
            cursor,
            f"UPDATE {table} t SET name = v.name, sort_key = v.s, search_key = v.k FROM (VALUES %s) v(id, name, s, k) "
            "WHERE t.id = v.id",
            rows,
            page_size=5000,
        )
        done += len(rows)
    return done


def catch_up(cursor: Any) -> int:
    """Sequences of numbers go on above the highest number. Returns the last of tickets."""
    for sequence, table in (("ticket_number_seq", "tickets_ticket"), ("customer_number_seq", "customers_customer")):
        cursor.execute(f"SELECT setval('{sequence}', (SELECT max(number) FROM {table}))")
    return int(cursor.execute("SELECT last_value FROM ticket_number_seq") or cursor.fetchone()[0])


def index_people(_cursor: Any) -> int:
    """Search entries of customers and people, by the product's own code."""
    from crm.search import indexing
    from crm.search.declarations import search_documents

    done = 0
    for key in PEOPLE:
        if key in {declared.key for declared in search_documents}:
            after = 0
            while ids := indexing.missing(search_documents[key], after, 2000):
                done += indexing.index(search_documents[key], ids)
                after = ids[-1]
    return done


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=20_000, help="of the small demo")
    parser.add_argument("--customers", type=int, default=4_000, help="of the small demo")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--deep", type=int, default=0, help="copies with tickets and history; all unless told")
    parser.add_argument("--plan", action="store_true", help="only tell what would be copied, and how")
    options = parser.parse_args()
    harness.start(options.tickets, options.customers)
    from django.db import connection

    with connection.cursor() as cursor:
        growth = Growth(cursor, options.times, options.deep or options.times)
        if options.plan:
            for table in growth.tables:
                changed = {c: e for c, e in growth.expressions(table).items() if e != f'o."{c}"'}
                print(table, *(f"\n    {column}: {to}" for column, to in changed.items()))
            return 0
        for setting in ("session_replication_role = replica", "maintenance_work_mem = '512MB'", "work_mem = '64MB'"):
            cursor.execute(f"SET {setting}")
        steps: list[tuple[str, Callable[[], int]]] = [
            (table, functools.partial(growth.copy, table)) for table in growth.tables
        ]
        words = [("names", name_again), ("numbers", catch_up), ("search entries of people", index_people)]
        steps[-len(_LAST) : -len(_LAST)] = [(label, functools.partial(work, cursor)) for label, work in words]
        for label, work in steps:
            began = time.monotonic()
            print(f"{label:40} {work():>12,} {time.monotonic() - began:8.1f} s", flush=True)
        cursor.execute("VACUUM ANALYZE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
