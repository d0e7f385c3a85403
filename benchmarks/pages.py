"""Page times against the numbers of the design, for a wide, a middle and an empty viewer.

    DATABASE_URL=postgres://… python -m benchmarks.pages --tickets 100000

Measures at the WSGI edge, in this process, warm: median and p95 of 30, p95 with eight clients at once, queries.
A page that does not exist (yet) is reported as missing. Exit code 1 when a limit does not hold.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import harness
from benchmarks.addresses import CONTACT, EMPTY, PUBLIC, TOKEN, VIEWERS, Page, address, everything
from benchmarks.harness import CREATION, Limit, Result


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


def browser(viewer: str) -> Any:
    """A client of that viewer: signed in, with a token, a contact's, or nobody's."""
    from django.test import Client

    from crm.accounts.models import User

    if viewer == TOKEN:
        return Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret()}"})
    client = Client(raise_request_exception=False)
    if viewer == CONTACT:
        client.cookies["portal"] = visit()
    elif viewer != PUBLIC:
        client.force_login(User.objects.get(email=VIEWERS[viewer]))
    return client


@functools.cache
def secret() -> str:
    """A token of the administrator's."""
    from crm.accounts.models import User
    from crm.core.actor import Actor
    from crm.integrations.actions import make_token

    user = User.objects.get(email=VIEWERS["wide"])
    return make_token(actor=Actor.system("benchmark"), user=user, name="Benchmark").secret


@functools.cache
def visit() -> str:
    """The cookie of the contact with most tickets, as if a code had been typed."""
    import datetime as dt

    from django.db.models import Count

    from crm.core import clock
    from crm.core.tokens import new_token
    from customers.models import Contact, PortalSession
    from customers.portals.visits import hash_token
    from tickets.models import Ticket

    open_to = Ticket.objects.filter(customer__is_internal=False, contact__identities__isnull=False)
    person = open_to.values("contact").annotate(n=Count("pk", distinct=True)).order_by("-n", "contact")[0]["contact"]
    contact, token, now = Contact.objects.get(pk=person), new_token(), clock.now()
    PortalSession.objects.create(
        contact=contact, identity=contact.identities.order_by("pk")[0], token_hash=hash_token(token),
        last_seen_at=now, expires_at=now + dt.timedelta(days=1),
    )  # fmt: skip
    return token


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


def measure_creation(times: int) -> Result:
    """A ticket by the API, from the POST to the answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from customers.models import Contact
    from tickets.models import RequestType

    client, url = browser(TOKEN), address("api:ticket_list")
    contact = Contact.objects.filter(customer__is_internal=False).order_by("pk").values_list("pk", flat=True)[0]
    asked = next(kind.key for kind in RequestType.objects.usable().order_by("pk") if not kind.fields.exists())
    body = {"contact": contact, "type": asked, "subject": "Printer offline", "description": "Since today."}

    def create() -> int:
        return int(client.post(url, body, content_type="application/json").status_code)

    statuses = [create()]
    with CaptureQueriesContext(connection) as queries:
        statuses.append(create())
    found = harness.timed(lambda: statuses.append(create()), times)
    own = harness.own_time(create, max(2, times // 5))
    note = "" if set(statuses) == {201} else f"answers {sorted(set(statuses))}"
    median, p95 = harness.median(found), harness.percentile(found, 0.95)
    return Result("API ticket creation", TOKEN, statuses[-1], median, p95, None, len(queries), CREATION, note, own=own)


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
    for page in everything():
        for viewer in page.only:
            if options.only in page.name:
                results.append(measure(page, viewer, options.times, not options.no_crowd))
                harness.show(results[-1])
    if options.only in "public submission":
        results.append(measure_submission(options.times))
        harness.show(results[-1])
    if options.only in "API ticket creation":
        results.append(measure_creation(options.times))
        harness.show(results[-1])
    bad = [result for result in results if not result.holds or result.note]
    print(f"{len(results)} measured, {len(bad)} over a limit or missing")
    if not options.only:
        harness.write("pages", "Page times", results, {"tickets": options.tickets, "repeats": options.times})
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
