"""What the database does for each page, call and sweep: questions, rows it reads for them, and the worst plan.

    DATABASE_URL=postgres://… python -m benchmarks.plans --tickets 1000000

A busy machine makes every time a lie; what a question reads does not depend on it. Each page is asked once warm, each
question of it runs again under EXPLAIN (ANALYZE, BUFFERS), and what read more rows than `--rows` or more pages of 8 kB
than `--buffers` is told with its scans. Sweeps are run in a transaction that is taken back.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import harness

_READS = ("SELECT", "WITH")


@dataclass
class Question:
    """One statement and what it read: milliseconds in the database, rows of every scan, pages of 8 kB.

    nodes: the scans and sorts that took most, in words.
    """

    sql: str
    params: Any
    seconds: float
    ms: float = 0
    rows: int = 0
    buffers: int = 0
    nodes: list[str] = field(default_factory=list)

    @property
    def can_be_explained(self) -> bool:
        return self.sql.lstrip(" (").upper().startswith(_READS) and "FOR NO KEY" not in self.sql


@dataclass
class Answer:
    """One page or sweep, with its questions. own: processor milliseconds of this process."""

    name: str
    viewer: str
    status: int
    own: float
    questions: list[Question]

    @property
    def ms(self) -> float:
        return sum(question.ms or question.seconds * 1000 for question in self.questions)

    @property
    def worst(self) -> Question:
        return max(self.questions, key=lambda question: (question.buffers, question.seconds))


@contextmanager
def listening() -> Iterator[list[Question]]:
    """The statements that run meanwhile."""
    from django.db import connection

    heard: list[Question] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            heard.append(Question(sql, params, time.perf_counter() - began))

    with connection.execute_wrapper(hear):
        yield heard


def explain(question: Question) -> None:
    """Runs a reading statement again and notes what it read."""
    from django.db import DatabaseError, connection, transaction

    if not question.can_be_explained:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.35")
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {question.sql}", question.params)
            found = cursor.fetchone()[0]
    except DatabaseError:
        return
    plan = (json.loads(found) if isinstance(found, str) else found)[0]
    question.ms = plan["Execution Time"] + plan["Planning Time"]
    question.buffers = plan["Plan"].get("Shared Hit Blocks", 0) + plan["Plan"].get("Shared Read Blocks", 0)
    for node in _nodes(plan["Plan"]):
        kind, loops = node["Node Type"], node["Actual Loops"]
        thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        rows = round((node["Actual Rows"] + thrown) * loops)
        pages = node.get("Shared Hit Blocks", 0) + node.get("Shared Read Blocks", 0)
        if "Relation Name" in node or "Index Name" in node:
            if kind != "Bitmap Index Scan":
                question.rows += rows
            place = node.get("Index Name") or node.get("Relation Name")
            question.nodes.append((pages, f"{kind} {place}: {rows:,} rows ({round(thrown * loops):,} thrown away)"))
        elif "Sort" in kind and rows > 1000:
            question.nodes.append((pages, f"{kind} of {rows:,} by {', '.join(node.get('Sort Key', []))[:120]}"))
    question.nodes = [text for _pages, text in sorted(question.nodes, reverse=True)[:4]]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


def ask(name: str, viewer: str, call: Callable[[], int], *, warm: bool = True) -> Answer:
    """One answer with its questions explained."""
    from django.core.cache import cache

    if warm:
        call()
    cache.clear()  # so that the probe of a list is asked too
    with listening() as heard:
        began = time.process_time()
        status = call()
        own = (time.process_time() - began) * 1000
    for question in heard:
        explain(question)
    return Answer(name, viewer, status, own, heard)


def pages(only: str, viewers: set[str]) -> Iterator[Answer]:
    """Every page of the plan that the word names."""
    from benchmarks import pages as measured
    from benchmarks.addresses import everything

    for page in everything():
        if only in page.name and page.url:
            for viewer in page.only:
                if viewer in viewers or page.only != tuple(measured.VIEWERS):
                    client = measured.browser(viewer)
                    yield ask(page.name, viewer, lambda c=client, p=page: c.get(p.url).status_code)


def runs(only: str) -> Iterator[Answer]:
    """Every sweep, in a transaction that is taken back."""
    from django.db import transaction

    from crm.core.sockets import sweeps

    for sweep in sweeps:
        if only in f"sweep {sweep.key}":

            def run(sweep: Any = sweep) -> int:
                with transaction.atomic():
                    try:
                        return int(sweep.run() or 0)
                    finally:
                        transaction.set_rollback(True)

            yield ask(f"sweep {sweep.key}", "system", run, warm=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=0, help="that there must be; any number unless told")
    parser.add_argument("--only", default="")
    parser.add_argument("--viewers", default="wide,middle,empty")
    parser.add_argument("--rows", type=int, default=20_000, help="rows that a question may read")
    parser.add_argument("--buffers", type=int, default=3_000, help="pages of 8 kB that a question may read")
    parser.add_argument("--sql", action="store_true", help="show the statements that read more")
    parser.add_argument("--out", default="", help="a file for everything, as JSON")
    options = parser.parse_args()
    harness.start(options.tickets)
    from benchmarks.pages import make_empty_viewer

    make_empty_viewer()
    kept, bad = [], 0
    answers = (*((pages, (options.only, set(options.viewers.split(",")))),), *(((runs, (options.only,))),))
    for source, arguments in answers:
        for answer in source(*arguments):
            heavy = [q for q in answer.questions if q.rows > options.rows or q.buffers > options.buffers]
            bad += bool(heavy)
            top = answer.worst if answer.questions else Question("", None, 0)
            mark = "✗" if heavy or answer.status >= 500 else "✔"
            print(
                f"{mark} {answer.name:<46.46} {answer.viewer:<7} {answer.status:>4} {len(answer.questions):>3} q "
                f"{answer.ms:>8.1f} ms db {answer.own:>7.1f} ms own "
                f"{top.rows:>9,} rows {top.buffers:>8,} pages",
                flush=True,
            )
            for question in heavy:
                print(f"    {question.ms:.0f} ms, {question.rows:,} rows, {question.buffers:,} pages")
                print("".join(f"      {node}\n" for node in question.nodes), end="")
                if options.sql:
                    print(f"      {(question.sql % _short(question.params))[:2500]}")
            kept.append(
                {
                    "name": answer.name, "viewer": answer.viewer, "status": answer.status, "own": answer.own,
                    "ms": answer.ms, "queries": len(answer.questions), "rows": top.rows, "buffers": top.buffers,
                }
            )  # fmt: skip
    if options.out:
        Path(options.out).write_text(json.dumps(kept, indent=1, ensure_ascii=False))
    print(f"{len(kept)} asked, {bad} with a question that reads too much")
    return 1 if bad else 0


def _short(params: Any) -> Any:
    """Parameters as text, long lists cut."""
    cut = lambda value: text if len(text := repr(value)) < 120 else f"{text[:120]}…"  # noqa: E731
    if isinstance(params, dict):
        return {name: cut(value) for name, value in params.items()}
    return tuple(cut(value) for value in params or ())


if __name__ == "__main__":
    sys.exit(main())
