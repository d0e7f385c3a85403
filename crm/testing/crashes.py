"""pytest plugin: a test that ended its process is told as failed and not run again.

xdist gives the tests of a lost process to another, the one that lost it included, until no process is left.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

LOST = pytest.StashKey[bool]()


def _note(item: pytest.Item) -> Path | None:
    """Where it stands that this test runs; None outside of xdist, whose run has a name."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    if not run:
        return None
    name = hashlib.sha256(f"{run}{item.nodeid}".encode()).hexdigest()
    return Path(tempfile.gettempdir(), f"crm-runs-{name[:32]}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """The note lives as long as the test runs, and longer only when its process did not."""
    note = _note(item)
    if note is None:
        return (yield)
    item.stash[LOST] = note.exists()
    note.touch()
    try:
        return (yield)
    finally:
        note.unlink(missing_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fails at once when an earlier process ended in this test."""
    if item.stash.get(LOST, False):
        pytest.fail("the process that ran this test before was lost in it", pytrace=False)
