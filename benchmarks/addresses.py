"""The addresses that are measured: pages, lists in every view and order, calls of the API, the portal.

Records come from the rows with the longest and the shortest stories, so that the plan of a large customer is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.harness import LIST, PAGE, SEARCH, Limit

EMPTY = "nobody@bench.example"
VIEWERS = {"wide": "admin@demo.example", "middle": "zhou.min@demo.example", "empty": EMPTY}
#: Pages that strangers see, those of a contact in the portal, and calls with a token.
PUBLIC, CONTACT, TOKEN = "public", "contact", "token"


@dataclass
class Page:
    """An address to measure. only: viewers who are measured, all three unless given."""

    name: str
    url: str
    limit: Limit = field(default_factory=lambda: PAGE)
    only: tuple[str, ...] = tuple(VIEWERS)


def everything() -> Iterator[Page]:
    """Every page of the plan; addresses come from the rows with the longest and shortest stories."""
    yield Page("home", address("console:home"))
    yield from home_slots()
    yield from list_pages("ticket", "tickets:ticket_list", ("打印机", "invoice", "王"))
    yield from list_pages("customer", "customers:customer_list", ("物流", "王", "harbour", "wang", "138000"))
    yield from narrowed_pages()
    yield from pickers()
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
    yield from portal_pages()
    yield from calls()


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


def narrowed_pages() -> Iterator[Page]:
    """The customer list by what people narrow it by, and the ticket list by a customer's name."""
    from crm.fields.models import Tag
    from customers.models import Customer, Segment

    owner = Customer.objects.filter(owner__isnull=False).order_by("pk").values_list("owner", flat=True).first()
    asked = {
        "owner": {"owner": str(owner)}, "nobody's": {"owner": "none"}, "value high": {"value": "high"},
        "risk high": {"risk": "high"}, "stage dormant": {"stage": "dormant"}, "bought again": {"again": "again"},
        "overdue": {"next_order": "late"}, "a wish fits": {"wish": "fits"}, "to offer": {"offer": "any"},
        "over its limit": {"credit": "over"}, "best band": {"r": "5", "m": "5"},
    }  # fmt: skip
    tag, segment = Tag.objects.order_by("pk").first(), Segment.objects.order_by("pk").first()
    asked |= {"tag": {"tags": str(tag.pk)}} if tag else {}
    asked |= {"segment": {"segment": str(segment.pk)}} if segment else {}
    for name, query in asked.items():
        yield Page(f"customer list, {name}", address("customers:customer_list", view="all", own="1", **query), LIST)


def pickers() -> Iterator[Page]:
    """Choosing a record, and who may be the same while a customer is typed."""
    for kind in ("customer", "contact", "ticket"):
        for word in ("", "王", "物流", "har"):
            yield Page(f"picker {kind} {word}".strip(), address("ui:pick", kind, q=word), SEARCH)
    for name, query in {
        "name": {"name": "Harbour Logistics"}, "Chinese name": {"name": "北方物流"}, "mail": {"email": "a@b.example"},
        "phone": {"phone": "+8613800001234"},
    }.items():  # fmt: skip
        yield Page(f"duplicates, {name}", address("customers:customer_duplicates", **query), SEARCH, ("wide", "middle"))


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


def portal_pages() -> Iterator[Page]:
    """What a customer's person sees who is signed in: the one with most tickets."""
    for name in ("portal:home", "portal:order_list", "portal:equipment_list", "portal:profile"):
        yield Page(name.replace(":", " "), address(name), only=(CONTACT,))
    yield Page("portal tickets", address("support:ticket_list"), only=(CONTACT,))


def calls() -> Iterator[Page]:
    """Every list of the API in every order, what changed in the last day, and a ticket."""
    import datetime as dt

    from crm.core import clock
    from crm.integrations.rest.registry import resources
    from tickets.models import Ticket

    since = (clock.now() - dt.timedelta(days=1)).isoformat()
    for resource in resources:
        name = f"api:{resource.kind}_list"
        for order in resource.orders:
            for sort in (order, f"-{order}"):
                yield Page(f"API {resource.path} by {sort}", address(name, ordering=sort), LIST, (TOKEN,))
        changed = address(name, ordering="updated", updated_since=since)
        yield Page(f"API {resource.path}, changed since", changed, LIST, (TOKEN,))
    number = Ticket.objects.order_by("-number").values_list("number", flat=True)[50]
    yield Page("API ticket", address("api:ticket_detail", number), only=(TOKEN,))
    yield Page("API ticket, messages", address("api:ticket_messages", number), only=(TOKEN,))


def address(name: str, /, *arguments: Any, **query: str) -> str:
    """The path, or "" when no such page exists. A detail page may go by number or by key."""
    from django.urls import NoReverseMatch, reverse

    try:
        path = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(query)}" if query else path
