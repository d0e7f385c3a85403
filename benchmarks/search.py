"""How fast search answers, and how fast the index fills.

    DATABASE_URL=postgres://… python -m benchmarks.search --tickets 20000

Fills the database with demo data when it is empty, reads part of it into the index again, and asks typical queries as
a wide and as a narrow viewer, both kinds of records together. Exit code 1 when a median is above 200 ms.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import harness
from benchmarks.harness import Limit, Result

VIEWERS = {"wide": "admin@demo.example", "middle": "zhou.min@demo.example"}
LIMIT = Limit(median=200, crowd=None, queries=18)
QUERIES = {
    "number": "{number}", "customer number": "C-{customer}", "phone tail": "{tail}", "mail": "{mail}",
    "one Chinese character": "打", "Chinese word": "打印机", "Chinese sentence": "退款还没到账", "pinyin": "dayinji",
    "initials": "dyj", "English word": "invoice", "slip": "invioce", "two words": "printer offline",
    "very common word": "the", "nothing": "qqxyzzy",
}  # fmt: skip
_SAMPLE = 2000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    options = parser.parse_args()
    harness.start(options.tickets)
    facts = index_speed()
    results = list(measure())
    for result in results:
        harness.show(result)
    harness.write("search", "Search", results, facts)
    return 0 if all(result.holds for result in results) else 1


def index_speed() -> dict[str, str]:
    """How many tickets a second go into the index, by the clock and by this process's own time."""
    from django.db import connection

    from crm.messaging.models import Message
    from crm.search import indexing
    from crm.search.declarations import search_documents
    from crm.search.models import SearchEntry

    for _written in indexing.reindex_all():
        pass
    declared = search_documents["ticket"]
    ids = list(declared.model.objects.order_by("-pk").values_list("pk", flat=True)[:_SAMPLE])
    began, own = time.perf_counter(), time.process_time()
    for start in range(0, len(ids), indexing.BATCH):
        indexing.index(declared, ids[start : start + indexing.BATCH])
    took, own = time.perf_counter() - began, time.process_time() - own
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_searchentry")
        cursor.execute("SELECT pg_total_relation_size('search_searchentry') / 1048576")
        size = cursor.fetchone()[0]
    return {
        "messages": f"{Message.objects.count():,}",
        "entries": f"{SearchEntry.objects.count():,}",
        "index with table": f"{size} MB",
        "tickets read again a second": f"{len(ids) / took:.0f}",
        "a second of own time": f"{len(ids) / own:.0f}",
    }


def measure():  # type: ignore[no-untyped-def]
    """A result for each query and viewer: all kinds that the viewer may search, five hits of each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from crm.accounts.access import actor_for
    from crm.accounts.models import User
    from crm.search import selectors

    known = examples()
    for name, template in QUERIES.items():
        query = template.format(**known)
        for viewer, email in VIEWERS.items():
            actor = actor_for(User.objects.get(email=email))
            kinds = selectors.kinds_for(actor)

            def ask(actor=actor, kinds=kinds, query=query) -> None:  # type: ignore[no-untyped-def]
                for declared in kinds:
                    selectors.find(actor, query, declared, limit=5)

            with CaptureQueriesContext(connection) as captured:
                ask()
            times = harness.timed(ask, 15)
            yield Result(
                page=f"{name}: {query}", viewer=viewer, status=200, median=harness.median(times),
                p95=harness.percentile(times, 0.95), crowd=None, queries=len(captured), limit=LIMIT,
                own=harness.own_time(ask, 5),
            )  # fmt: skip


def examples() -> dict[str, str]:
    """A ticket, a customer and a person of the demo."""
    from customers.models import Customer, Identity
    from tickets.models import Ticket

    return {
        "number": str(Ticket.objects.order_by("-number").values_list("number", flat=True)[100]),
        "customer": str(Customer.objects.order_by("number").values_list("number", flat=True)[10]),
        "tail": Identity.objects.filter(kind="phone").order_by("pk").values_list("value", flat=True)[5][-4:],
        "mail": Identity.objects.filter(kind="email").order_by("-pk").values_list("value", flat=True)[5],
    }


if __name__ == "__main__":
    sys.exit(main())
