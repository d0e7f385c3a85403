"""What both benchmarks share: Django set up on the right database, demo data of the right size, and measuring."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"


def start(tickets: int, customers: int = 0) -> None:
    """Sets Django up on DATABASE_URL and sees to it that it holds about so many demo tickets.

    An empty database is migrated and filled, with a customer for every five tickets unless told otherwise; one with
    another number of tickets is refused (`SystemExit`); 0 takes what is there.
    """
    if "DATABASE_URL" not in os.environ:
        raise SystemExit("Name a database for the benchmark in DATABASE_URL; rows are added to it.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tickets.models import Ticket

    if Ticket._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
    count = Ticket.objects.count()
    if count == 0 and tickets:
        call_command("loaddemo", tickets=tickets, customers=customers or max(50, tickets // 5))
    elif tickets and abs(count - tickets) > tickets * 0.05:
        raise SystemExit(f"The database holds {count} tickets, not {tickets}. Name another, or say --tickets {count}.")


@dataclass
class Limit:
    """What must hold: median and p95 in milliseconds, and queries. None: not limited."""

    median: float | None = 80
    crowd: float | None = 250
    queries: int | None = 25


PAGE = Limit()
LIST = Limit(queries=12)
SEARCH = Limit(median=150, queries=12)
CREATION = Limit(median=60, crowd=None, queries=None)


@dataclass
class Result:
    """One page for one viewer. Milliseconds; crowd is the p95 with eight clients at once.

    own is the processor time of this process for one request, which other work on the machine hardly changes.
    """

    page: str
    viewer: str
    status: int
    median: float
    p95: float
    crowd: float | None
    queries: int
    limit: Limit
    note: str = ""
    own: float = 0

    @property
    def holds(self) -> bool:
        pairs = (
            (self.median, self.limit.median), (self.crowd, self.limit.crowd), (self.queries, self.limit.queries),
        )  # fmt: skip
        return all(top is None or found is None or found <= top for found, top in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def timed(call: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for _number in range(times):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found


def own_time(call: Callable[[], Any], times: int) -> float:
    """Mean processor time of a call in milliseconds, the database's left out."""
    began = time.process_time()
    for _number in range(times):
        call()
    return (time.process_time() - began) * 1000 / times


def crowd(make: Callable[[], Callable[[], Any]], threads: int = 8, times: int = 6) -> float:
    """The p95 in milliseconds with several clients at once; each gets a call of its own from `make`."""
    found: list[float] = []
    ready = threading.Barrier(threads)

    def work() -> None:
        from django.db import connection

        call = make()
        call()
        ready.wait()
        found.extend(timed(call, times))
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return percentile(found, 0.95)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def write(name: str, title: str, results: Sequence[Result], facts: dict[str, Any]) -> None:
    """JSON beside the table that is kept in git."""
    RESULTS.mkdir(exist_ok=True)
    facts = {
        "revision": _revision(), "python": platform.python_version(), "cores": os.cpu_count(),
        "load of the machine": " ".join(f"{load:.1f}" for load in os.getloadavg()), **facts,
    }  # fmt: skip
    rows = [asdict(result) | {"holds": result.holds} for result in results]
    (RESULTS / f"{name}.json").write_text(json.dumps({"facts": facts, "results": rows}, indent=1, ensure_ascii=False))
    table = [f"# {title}", "", ", ".join(f"{key}: {value}" for key, value in facts.items()), ""]
    table += ["| | page | viewer | status | median ms | p95 ms | p95 of 8 ms | own ms | queries | note |"]
    table += ["|-" * 10 + "|"]
    table += [f"| {' | '.join(_cells(result))} |" for result in results]
    (RESULTS / f"{name}.md").write_text("\n".join(table) + "\n")


def show(result: Result) -> None:
    """One line on the terminal."""
    mark, page, viewer, status, *figures = _cells(result)
    columns = " ".join(f"{figure:>9}" for figure in figures[:5])
    print(f"{mark} {page:<44.44} {viewer:<7} {status:>4} {columns} {result.note}")
    sys.stdout.flush()


def _cells(result: Result) -> list[str]:
    numbers = [
        f"{value:.1f}" if value is not None else "" for value in (result.median, result.p95, result.crowd, result.own)
    ]
    mark = "✔" if result.holds and not result.note else "✗"
    return [mark, result.page, result.viewer, str(result.status), *numbers, str(result.queries), result.note]


def _revision() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return found.stdout.strip() or "unknown"
