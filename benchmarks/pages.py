"""Page times against the numbers of the design, for a wide, a middle and an empty viewer.

    DATABASE_URL=postgres://… python -m benchmarks.pages --tickets 100000

Measures at the WSGI edge, in this process, warm: median and p95 of 30, p95 with eight clients at once, queries.
A page that does not exist (yet) is reported as missing. Exit code 1 when a limit does not hold.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks import harness
from benchmarks.harness import LIST, PAGE, SEARCH, Limit, Result

EMPTY = "nobody@bench.example"
VIEWERS = {"wide": "admin@demo.example", "middle": "zhou.min@demo.example", "empty": EMPTY}
#: Pages that strangers see.
PUBLIC = "public"


@dataclass
class Page:
    """An address to measure. only: viewers who are measured, all three unless given."""

    name: str
    url: str
    limit: Limit = field(default_factory=lambda: PAGE)
    only: tuple[str, ...] = tuple(VIEWERS)


def make_empty_viewer() -> None:
    """A member of staff who may open every page and sees no record."""
    from crm.accounts.models import Role, User
    from crm.core.sockets import permissions
    from crm.core.translated import Translated

    if User.objects.filter(email=EMPTY).exists():
        return
    names = sorted(name for name in permissions.names if name.rsplit(".", 1)[1].startswith("view"))
    role = Role.objects.create(
        name=Translated({"en": "Sees nothing", "zh-hans": "无数据"}), permissions=names, scopes={}
    )
    User.objects.create_user(EMPTY, name="Nobody").roles.add(role)


def pages() -> Iterator[Page]:
    """Every page of the plan; addresses come from the rows with the longest and shortest stories."""
    yield Page("home", address("console:home"))
    yield from home_slots()
    yield from list_pages("ticket", "tickets:ticket_list", ("打印机", "invoice", "王"))
    yield from list_pages("customer", "customers:customer_list", ("物流", "harbour", "wang"))
    yield from record_pages()
    yield from board_pages()
    yield from report_pages()
    yield Page("settings", address("console:settings"), only=("wide",))
    yield Page("palette", address("ui:palette"))
    yield Page("palette, Chinese word", address("ui:palette", q="打印机"), SEARCH)
    yield Page("palette, English word", address("ui:palette", q="invoice"), SEARCH)
    yield Page("pulse", address("ui:pulse"))
    yield Page("notifications", address("notifications:notification_list"))
    yield Page("bell", address("notifications:notification_bell"))
    yield from public_pages()


def home_slots() -> Iterator[Page]:
    from crm.core.sockets import shell_slots

    for slot in shell_slots:
        if slot.place == "home":
            yield Page(f"home: {slot.key}", address("console:home_slot", slot.key))


def list_pages(key: str, url_name: str, words: tuple[str, ...]) -> Iterator[Page]:
    """A list in every view, by every column, searched, and one page on."""
    from crm.ui.lists import lists
    from tickets.models import Ticket

    declared = lists[key]
    yield Page(f"{key} list", address(url_name), LIST)
    for view in declared.views:
        yield Page(f"{key} list, view {view.key}", address(url_name, view=view.key), LIST)
    yield Page(f"{key} list, counts of views", address("ui:list_counts", key))
    last = declared.views[-1].key if key == "ticket" else declared.views[0].key
    for column in declared.columns:
        if column.sort:
            for sort in (column.key, f"-{column.key}"):
                yield Page(f"{key} list by {sort}", address(url_name, view=last, sort=sort), LIST)
    yield Page(f"{key} list, page 2", address(url_name, view=last, page="2"), LIST)
    for word in words:
        yield Page(f"{key} list, search {word}", address(url_name, view=last, own="1", q=word), SEARCH)
    number = Ticket.objects.order_by("-number").values_list("number", flat=True)[50]
    yield Page(f"{key} list, search a number", address(url_name, view=last, own="1", q=str(number)), SEARCH)


def record_pages() -> Iterator[Page]:
    """The ticket with the longest and one with the shortest conversation, the customer with most history."""
    from django.db.models import Count

    from customers.models import Customer
    from tickets.models import Ticket

    sized = Ticket.objects.annotate(n=Count("conversation__messages")).filter(assignee__email=VIEWERS["middle"])
    customers = Customer.objects.annotate(n=Count("tickets")).order_by("-n", "pk")
    may_see = ("wide", "middle")
    for name, ticket in (("long", sized.order_by("-n", "pk").first()), ("short", sized.order_by("n", "pk").first())):
        if ticket is None:
            continue
        yield Page(f"ticket, {name}", address("tickets:ticket_detail", ticket.number), only=may_see)
        yield Page(f"ticket, {name}, why", address("tickets:ticket_why", ticket.number), only=may_see)
        yield Page(f"ticket, {name}, timeline", address("ui:timeline", "ticket", ticket.pk), only=may_see)
        yield from panel_pages("ticket", ticket.pk, may_see)
    for name, customer in (("most history", customers.first()), ("new", customers.last())):
        if customer is not None:
            yield Page(f"customer, {name}", address("customers:customer_detail", customer.number), only=may_see)
            yield Page(f"customer, {name}, timeline", address("ui:timeline", "customer", customer.pk), only=may_see)
            yield from panel_pages("customer", customer.pk, may_see)


def panel_pages(kind: str, pk: int, viewers: tuple[str, ...]) -> Iterator[Page]:
    from crm.core.sockets import panels

    for panel in panels:
        if panel.on == kind:
            yield Page(f"{kind}, panel {panel.key}", address("ui:panel", kind, pk, panel.key), only=viewers)


def report_pages() -> Iterator[Page]:
    """Every report of the gallery, over a month and over a year, and the owner's page."""
    from crm.core.gallery import reports

    yield Page("owner's page", address("reports:owner"), only=("wide",))
    for report in reports:
        if report.measures:
            url = address("reports:report", report.key)
            yield Page(f"report {report.key}", url)
            yield Page(f"report {report.key}, a year", f"{url}?period=365d", only=("wide",))


def board_pages() -> Iterator[Page]:
    try:
        from reports.cards import CARDS
    except ImportError:
        CARDS = {}
    yield Page("board", address("reports:board"))
    for key in CARDS:
        yield Page(f"board, card {key}", address("reports:card", key))
        yield Page(f"board, card {key}, a year", address("reports:card", key, period="year"), only=("wide",))


def public_pages() -> Iterator[Page]:
    from tickets.models import Ticket

    ticket = Ticket.objects.order_by("-number").first()
    yield Page("help centre", address("help:home"), only=(PUBLIC,))
    yield Page("public form", address("help:ticket_submit"), only=(PUBLIC,))
    if ticket is not None:
        yield Page("tracking page", address("help:ticket_track", ticket.access_token), only=(PUBLIC,))


def address(name: str, *arguments: Any, **query: str) -> str:
    """The path, or "" when no such page exists. A detail page may go by number or by key."""
    from django.urls import NoReverseMatch, reverse

    try:
        path = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path


def browser(viewer: str) -> Any:
    """A client of that viewer, signed in unless public."""
    from django.test import Client

    from crm.accounts.models import User

    client = Client(raise_request_exception=False)
    if viewer != PUBLIC:
        client.force_login(User.objects.get(email=VIEWERS[viewer]))
    return client


def measure(page: Page, viewer: str, times: int, with_crowd: bool) -> Result:
    """One page for one viewer, warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if not page.url:
        return Result(page.name, viewer, 0, 0, 0, None, 0, page.limit, "missing")
    client = browser(viewer)
    client.get(page.url)
    with CaptureQueriesContext(connection) as queries:
        status = client.get(page.url).status_code
    count = len(queries)
    if status >= 400:
        expected = status in (403, 404) and viewer != "wide"
        return Result(page.name, viewer, status, 0, 0, None, count, page.limit, "" if expected else "refused")
    found = harness.timed(lambda: client.get(page.url), times)
    own = harness.own_time(lambda: client.get(page.url), max(2, times // 5))
    crowd = None
    if with_crowd:

        def visitor() -> Callable[[], Any]:
            own = browser(viewer)
            return lambda: own.get(page.url)

        crowd = harness.crowd(visitor)
    return Result(
        page.name, viewer, status, harness.median(found), harness.percentile(found, 0.95), crowd, count,
        page.limit, own=own,
    )  # fmt: skip


def measure_submission(times: int) -> Result:
    """A stranger's request, from the POST to the redirect. Limits on strangers are lifted meanwhile."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tickets.models import ServiceSettings

    url, limit = address("help:ticket_submit"), Limit(median=40, crowd=None, queries=None)
    if not url:
        return Result("public submission", PUBLIC, 0, 0, 0, None, 0, limit, "missing")
    lifted = {
        "min_form_seconds": 0, "limit_per_address_hour": 10**6, "limit_per_network_hour": 10**6,
        "limit_per_brand_minute": 10**6,
    }  # fmt: skip
    before = ServiceSettings.objects.values("pk", *lifted)[0]
    ServiceSettings.objects.filter(pk=before["pk"]).update(**lifted)
    try:
        client = browser(PUBLIC)
        forms = [filled_form(client, url, number) for number in range(times + 2)]
        statuses = [client.post(url, forms.pop()).status_code]
        with CaptureQueriesContext(connection) as queries:
            statuses.append(client.post(url, forms.pop()).status_code)
        count = len(queries)
        found = harness.timed(lambda: statuses.append(client.post(url, forms.pop()).status_code), times)
    finally:
        ServiceSettings.objects.filter(pk=before["pk"]).update(**{name: before[name] for name in lifted})
    note = "" if set(statuses) == {302} else f"answers {sorted(set(statuses))}"
    median, p95 = harness.median(found), harness.percentile(found, 0.95)
    return Result("public submission", PUBLIC, statuses[-1], median, p95, None, count, limit, note)


def filled_form(client: Any, url: str, number: int) -> dict[str, str]:
    """What a stranger sends: the page's hidden fields and some words."""
    html = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    types = re.findall(r'(?:name="request_type"[^>]*value="([^"]+)"|<option value="([^"]+)")', html)
    first = next((value for pair in types for value in pair if value), "")
    return hidden | {
        "request_type": first, "subject": f"Printer offline {number}", "description": "It is offline since today.",
        "name": "Bench Mark", "email": f"bench{number}@bench.example", "timezone": "Asia/Shanghai", "consent": "on",
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--no-crowd", action="store_true", help="leave out the eight clients")
    options = parser.parse_args()
    harness.start(options.tickets)
    make_empty_viewer()
    results = []
    for page in pages():
        for viewer in page.only:
            if options.only in page.name:
                results.append(measure(page, viewer, options.times, not options.no_crowd))
                harness.show(results[-1])
    if options.only in "public submission":
        results.append(measure_submission(options.times))
        harness.show(results[-1])
    bad = [result for result in results if not result.holds or result.note]
    print(f"{len(results)} measured, {len(bad)} over a limit or missing")
    if not options.only:
        harness.write("latest", "Page times", results, {"tickets": options.tickets, "repeats": options.times})
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
