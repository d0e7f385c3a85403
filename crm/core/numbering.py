"""Numbers that people read out. Sequences are fast and may leave gaps, as tickets and customers accept."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.operations.base import Operation


def next_number(sequence: str) -> int:
    """The next value of a PostgreSQL sequence; never given twice, gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])


def next_numbers(sequence: str, count: int) -> list[int]:
    """Several values at once, for set-based loads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [int(row[0]) for row in cursor.fetchall()]


class CreateSequence(Operation):
    """A migration step that makes a sequence; reversible."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str, start: int = 1):
        self.name, self.start = name, start

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Sequences are no part of the model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        quoted = schema_editor.quote_name(self.name)
        schema_editor.execute(f"CREATE SEQUENCE IF NOT EXISTS {quoted} START {int(self.start)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP SEQUENCE IF EXISTS {schema_editor.quote_name(self.name)}")

    def describe(self) -> str:
        return f"Create the sequence {self.name}"
