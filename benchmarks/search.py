"""How fast search answers, and how fast the index fills.

    DATABASE_URL=postgres://… python -m benchmarks.search --tickets 100000 --messages 1000000

Fills an empty database with demo data, says more in its conversations until they hold so many messages, reads what is
missing into the index, and asks thirty queries as a wide, a middle and an empty viewer: the results page and the
palette, at the WSGI edge, warm. Exit code 1 when a median is above 200 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from benchmarks import harness
from benchmarks.addresses import Page, address
from benchmarks.harness import Limit
from benchmarks.pages import make_empty_viewer, measure

LIMIT = Limit(median=200, crowd=None, queries=25)
QUERIES = {
    "ticket number": "{number}", "ticket number with sign": "#{number}", "customer number": "C-{customer}",
    "name": "{name}", "part of a name": "{name_part}", "pinyin": "dayinji", "pinyin of a name": "{pinyin}",
    "initials": "dyj", "initials of a name": "{initials}", "phone tail": "{tail}", "whole phone": "{phone}",
    "mail": "{mail}", "mail domain": "{domain}", "order number": "{order}", "no such order": "ZZ99ZZ99",
    "one Chinese character": "打", "rare character": "瓷", "two characters": "退款", "Chinese word": "打印机",
    "Chinese sentence": "退款还没到账", "two Chinese words": "打印机 离线", "English word": "invoice",
    "two English words": "printer offline", "rare English word": "firmware", "mixed": "invoice 发票",
    "slip": "invioce", "beginning": "deliv", "very common word": "the", "very common Chinese": "您好",
    "nothing": "qqxyzzy",
}  # fmt: skip
_SAMPLE = 2000
#: Each message is said again in another conversation with a reference of its own: common words stay common, and
#: every reference is a rare one. 104,729 is prime, so the copies spread over all conversations.
_SAY_MORE = """
INSERT INTO messaging_message (
    created_at, updated_at, direction, author_kind, author_id, author_label, author_email, body, language, state,
    message_id, delivered_at, error, conversation_id, quoted
)
SELECT created_at, updated_at, direction, author_kind, author_id, author_label, author_email,
       body || CASE WHEN language = 'en' THEN ' Reference ' ELSE ' 单号 ' END
            || upper(left(md5(id::text || %(round)s), 8)),
       language, state, '', delivered_at, error,
       1 + (conversation_id * 104729 + id + %(round)s) %% %(conversations)s, quoted
  FROM messaging_message WHERE id <= %(last)s ORDER BY id LIMIT %(wanted)s
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--messages", type=int, default=0, help="messages at least, all tickets together")
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    harness.start(options.tickets)
    make_empty_viewer()
    say_more(options.messages)
    facts = index_speed()
    results = []
    for page in pages():
        for viewer in page.only:
            results.append(measure(page, viewer, options.times, with_crowd=False))
            harness.show(results[-1])
    harness.write("search", "Search", results, facts)
    return 0 if all(result.holds for result in results) else 1


def say_more(messages: int) -> None:
    """Adds messages, set by set, until there are so many. Takes about a minute for 600,000."""
    from django.db import connection
    from django.db.models import Max

    from crm.messaging.models import Conversation, Message

    count, last = Message.objects.count(), Message.objects.aggregate(last=Max("pk"))["last"]
    ids = Conversation.objects.count()
    turn = 0
    while count < messages:
        turn += 1
        with connection.cursor() as cursor:
            cursor.execute(_SAY_MORE, {"round": turn, "conversations": ids, "last": last, "wanted": messages - count})
        count = Message.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE messaging_message")


def pages() -> Iterator[Page]:
    """The results page and the palette for every query."""
    known = examples()
    for name, template in QUERIES.items():
        query = template.format(**known)
        yield Page(f"{name}: {query}", address("search:results", q=query), LIMIT)
        yield Page(f"{name}: palette", address("ui:palette", q=query), LIMIT)


def index_speed() -> dict[str, str]:
    """How many tickets a second go into the index, by the clock and by this process's own time."""
    from django.db import connection

    from crm.messaging.models import Message
    from crm.search import indexing
    from crm.search.declarations import search_documents
    from crm.search.models import SearchEntry
    from tickets.models import Ticket

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
        "tickets": f"{Ticket.objects.count():,}",
        "entries": f"{SearchEntry.objects.count():,}",
        "index with table": f"{size} MB",
        "tickets read again a second": f"{len(ids) / took:.0f}",
        "a second of own time": f"{len(ids) / own:.0f}",
    }


def examples() -> dict[str, str]:
    """A ticket, customers, a person and a reference of the demo."""
    from crm.messaging.models import Message
    from customers.models import Customer, Identity
    from tickets.models import Ticket

    chinese = Customer.objects.filter(name__regex="^[一-龥]{4,}").order_by("number")[10]
    phone = Identity.objects.filter(kind="phone").order_by("pk").values_list("value", flat=True)[5]
    mail = Identity.objects.filter(kind="email").order_by("-pk").values_list("value", flat=True)[5]
    said = Message.objects.filter(body__contains="Reference ").order_by("-pk").values_list("body", flat=True).first()
    return {
        "number": str(Ticket.objects.order_by("-number").values_list("number", flat=True)[100]),
        "customer": str(Customer.objects.order_by("number").values_list("number", flat=True)[10]),
        "name": chinese.name,
        "name_part": chinese.name[:2],
        "pinyin": chinese.search_key.split()[-2],
        "initials": chinese.search_key.split()[-1],
        "phone": phone,
        "tail": phone[-4:],
        "mail": mail,
        "domain": mail.partition("@")[2],
        "order": said.rpartition(" ")[2] if said else "A1B2C3D4",
    }


if __name__ == "__main__":
    sys.exit(main())
