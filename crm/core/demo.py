"""What the steps of `loaddemo` share: seeded chance, the moment "now", progress, and quick ways into tables.

A step takes everything random from `context.rng(...)` and every moment from `context.now`, so that the same
seed, sizes and moment make the same demo. Large tables are filled by COPY with ids taken from their sequences.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg2 import sql

from .numbering import next_numbers

#: Whoever loads the demo signs in with this; it is printed and documented, and never a secret.
PASSWORD = "demo-demo-demo"
#: Every demo person's mail host; .example never resolves.
STAFF_HOST = "demo.example"

_NULL = r"\N"
_as_json = json.JSONEncoder(ensure_ascii=False).encode
_BLOCK = 5000


class Progress:
    """One step after the other. On a terminal a bar, elsewhere a line every 10 %; without `out` silence."""

    def __init__(self, out: TextIO | None = None):
        self._out = out
        self._live = out is not None and out.isatty()
        self._label, self._total, self._done, self._shown = "", 1, 0, -1
        self._started = time.monotonic()

    def start(self, label: object, total: int = 1) -> None:
        """Begins a step of `total` units."""
        self._label, self._total, self._done = str(label), max(1, total), 0
        self._shown = -1 if self._live else 0
        self._started = time.monotonic()

    def advance(self, units: int = 1) -> None:
        """So much more of the step is done."""
        self._done = min(self._total, self._done + units)
        percent = self._done * 100 // self._total
        if self._live and percent != self._shown:
            bar = "#" * (percent // 4)
            self._write(f"\r{self._label:<28.28} [{bar:<25}] {percent:3} %")
            self._shown = percent
        elif not self._live and self._total > 1 and percent // 10 > self._shown // 10:
            self._write(f"{self._label}: {percent} %\n")
            self._shown = percent

    def finish(self) -> None:
        """Ends the step and says how long it took."""
        took = time.monotonic() - self._started
        if self._live:
            self._write(f"\r{self._label:<28.28} {'done':<27} {took:6.1f} s\n")
        else:
            self._write(f"{self._label}: done in {took:.1f} s\n")

    def _write(self, text: str) -> None:
        if self._out is not None:
            self._out.write(text)
            self._out.flush()


@dataclass
class DemoContext:
    """What a step is given. now: when the demo's present is, whole minutes, UTC. made: what earlier steps left.

    tickets and customers are how many to make.
    """

    seed: int
    tickets: int
    customers: int
    now: dt.datetime
    progress: Progress
    made: dict[str, Any] = field(default_factory=dict)

    def rng(self, name: str) -> random.Random:
        """A source of chance of its own for one purpose, the same for the same seed."""
        return random.Random(f"{self.seed}:{name}")


class Ids:
    """Row ids from a table's own sequence, fetched a block at a time."""

    def __init__(self, model: type[models.Model], block: int = _BLOCK):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            self._sequence: str = cursor.fetchone()[0]
        self._block = block
        self._ready: list[int] = []

    def take(self, count: int) -> list[int]:
        """Several ids in rising order."""
        return next_numbers(self._sequence, count)

    def next(self) -> int:
        """The next id."""
        if not self._ready:
            self._ready = self.take(self._block)[::-1]
        return self._ready.pop()


class Copy:
    """Rows on their way into a table by COPY, flushed every few thousand.

    columns: attribute names in the order of the values given to `add`. constants: columns that hold the same
    in every row; other columns of the model hold their default. `table` is given for a table without a model.
    """

    def __init__(
        self,
        model: type[models.Model] | None,
        columns: Sequence[str],
        constants: dict[str, Any] | None = None,
        table: str = "",
    ):
        constants = constants or {}
        if model is not None:
            table = model._meta.db_table
            names = {entry.attname: str(entry.column) for entry in model._meta.concrete_fields}
            constants = {**_defaults(model, {*columns, *constants}), **constants}
        else:
            names = {column: column for column in columns}
        self._tail = tuple(_plain(value) for value in constants.values())
        self._command = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, NULL '\\N')").format(
            sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(names[name]) for name in (*columns, *constants))
        )
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, lineterminator="\n")
        self._waiting = 0
        self.count = 0

    def add(self, *values: Any) -> None:
        """One row. A dict or list is stored as JSON; None is NULL."""
        self._writer.writerow([*map(_plain, values), *self._tail])
        self.count += 1
        self._waiting += 1
        if self._waiting >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Sends what waits."""
        if not self._waiting:
            return
        self._buffer.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(self._command.as_string(cursor.connection), self._buffer)
        self._buffer.seek(0)
        self._buffer.truncate()
        self._waiting = 0


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    """What `Model()` would put into the columns that are not given; a key comes from its sequence."""
    found = {}
    for entry in model._meta.concrete_fields:
        if entry.attname not in given and not entry.primary_key:
            value = entry.get_default()
            found[entry.attname] = f"{{{','.join(map(str, value))}}}" if isinstance(entry, ArrayField) else value
    return found


def _plain(value: Any) -> Any:
    if value is None:
        return _NULL
    return _as_json(value) if isinstance(value, (dict, list)) else value


def token(rng: random.Random) -> str:
    """A link token like `tokens.new_token`, but the same for the same seed; for demo rows only."""
    return f"{rng.getrandbits(160):040x}"
