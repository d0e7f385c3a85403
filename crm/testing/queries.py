"""Query counts held against a committed file: a page that asks more than it used to fails, one that asks less too.

Set UPDATE_QUERY_COUNTS=1 to write what was measured, and commit the file with the reason.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

BASELINES = Path(__file__).with_name("query_counts.json")


@contextmanager
def queries_as_before(name: str, *, limit: int) -> Iterator[CaptureQueriesContext]:
    """Counts the block's queries under a name. Fails above `limit`, and where the baseline differs or is missing."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    count = len(captured)
    listing = "\n".join(query["sql"][:200] for query in captured.captured_queries)
    assert count <= limit, f"{name}: {count} queries, {limit} allowed\n{listing}"
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        _write(name, count)
        return
    expected = json.loads(BASELINES.read_text()).get(name)
    assert count == expected, f"{name}: {count} queries, the baseline says {expected}\n{listing}"


def _write(name: str, count: int) -> None:
    """Several test processes may write at once."""
    with BASELINES.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        values = json.loads(file.read() or "{}") | {name: count}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(dict(sorted(values.items())), indent=1) + "\n")
