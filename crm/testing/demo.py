"""pytest fixtures: the demo, loaded once in a run; whatever module asks for it works on a clone of its own.

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_database")]

All tests of such a module find the demo: the module's connection leads to the clone until its last test has ended.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from . import database
from .services import demo_database_name

#: Enough for a row on every screen, and loaded in a few seconds.
TICKETS, CUSTOMERS, SEED = 80, 24, 1


@pytest.fixture(scope="session")
def demo_template(django_db_setup: None, database_template: str, django_db_blocker: Any) -> str:
    """The name of a database with the demo; the first process that needs it makes it for all of the run."""
    name = demo_database_name()
    with django_db_blocker.unblock(), database.one_process_at_a_time():
        if not database.exists(name):
            _make(name, database_template)
    return name


def _make(name: str, template: str) -> None:
    from django.db import connections

    from crm.console.actions.demo import load_demo
    from crm.core import clock
    from crm.core.demo import DemoContext, Progress

    draft, before = f"{name}_draft", database.current_name()
    database.clone(draft, template)
    database.point_to(draft)
    try:
        now = clock.now().replace(second=0, microsecond=0)
        load_demo(DemoContext(seed=SEED, tickets=TICKETS, customers=CUSTOMERS, now=now, progress=Progress()))
        with connections["default"].cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        database.point_to(before)
    database.rename(draft, name)


@pytest.fixture(scope="module")
def demo_database(demo_template: str, django_db_blocker: Any) -> Iterator[None]:
    """The demo for all tests of a module."""
    name, before = f"{demo_template}_{os.getpid()}", database.current_name()
    with django_db_blocker.unblock():
        database.clone(name, demo_template)
        database.point_to(name)
    yield
    with django_db_blocker.unblock():
        database.point_to(before)
        database.drop(name)
