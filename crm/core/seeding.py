"""Runs every app's seeds after migrations, and again after a test empties the tables."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from .sockets import seeds


def seed(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Adds missing rows, all or nothing. Waits while some app's migrations are still to come."""
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with transaction.atomic(using=using):
        for entry in seeds:
            entry.run()
