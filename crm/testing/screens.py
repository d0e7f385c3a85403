"""The screens of the product, found as a person finds them: by following links from page to page.

    found = walk(fetch, ["/", "/help/"])   # URL name → the address of its first screen

One address for each URL name, so that a list of two thousand tickets is one screen, and one ticket another.
A page that no link leads to is not found: that is a mistake of the page before it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from crm.ui.lists import lists

#: Where staff and visitors begin.
STARTS = ("/", "/settings/", "/help/")
HREF = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
#: How many records of a kind are read for links.
RECORDS = 6
#: Files, pieces of pages, and what ends the walk.
NOT_SCREENS = re.compile(
    r"^(files:|ui:(panel|timeline|pick|list_export|list_counts|job_result|palette)|console:logout"
    r"|.*_(export|download|preview|picture|pdf|file|print|csv|xlsx|feed|template)$)"
)


def walk(fetch: Callable[[str], str | None], starts: Iterable[str] = STARTS) -> dict[str, str]:
    """URL name → address of every screen that links lead to, breadth first.

    fetch: the HTML behind an address, or None when it is no page (a redirect, a file, a refusal).
    Several records of a kind are read for their links, since what can be done depends on how a record stands.
    """
    waiting, found, reads = deque(starts), dict[str, str](), Counter[str]()
    known = {page.url_name for page in lists}
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        if name is None or NOT_SCREENS.match(name) or reads[name] >= (RECORDS if name.endswith("_detail") else 1):
            continue
        html = fetch(address)
        # A list may link to a record that its reader may not open; another link may lead to one that opens.
        if html is None:
            continue
        reads[name] += 1
        if name not in found:
            found[name] = address
            # A list opens on its reader's own rows; all of them lead further.
            html += (fetch(f"{address}?own=1") or "") if name in known and "?" not in address else ""
        waiting.extend(unescape(link) for link in HREF.findall(html))
    return found


def demo_starts() -> list[str]:
    """Addresses that no link of a colleague leads to: what customers of the demo open from their mails."""
    from marketing.models import LandingPage
    from sales.models import Quote
    from tickets.models import Ticket

    page = LandingPage.objects.exclude(published_at=None).order_by("pk").first()
    quote = Quote.objects.filter(state="sent").order_by("pk").first()
    # A part of another ticket has no page for customers.
    ticket = Ticket.objects.whole().exclude(access_token="").order_by("pk").last()
    return [
        *([page.path] if page else []),
        *([f"/quotes/{quote.token}/"] if quote else []),
        *([f"/help/tickets/{ticket.access_token}/"] if ticket else []),
        "/portal/",
        "/accounts/login/",
    ]


def name_of(address: str) -> str | None:
    """The URL name with its namespaces; None for what is no page of ours."""
    try:
        return resolve(urlsplit(address).path).view_name or None
    except Resolver404:
        return None
