"""Tests begin with an empty database; only those of the first page mean it."""

from collections.abc import Iterator

import pytest

from crm.console import first_run
from crm.core import switches


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A product that was set up, with every app on. A test marked `first_run` gets one that was not."""
    monkeypatch.setattr(switches, "LOOK_EVERY_SECONDS", float("inf"))
    first_run.assume(has_users=request.node.get_closest_marker("first_run") is None)
    switches.take(())
    yield
    switches.take(())
