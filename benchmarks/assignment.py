"""Who gets a ticket, how fast, and that nobody gets one twice.

    DATABASE_URL=postgres://… python -m benchmarks.assignment

Sixteen processes take the same 1,000 tickets, then sixteen assign another 1,000 automatically; each ticket must
end with one owner. With --latency the time from a submission to its assignment is measured, which needs a worker
and the ticker running on the same database (`bin/run`). Rows are added to the database.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from typing import Any

from benchmarks import harness

PROCESSES, TICKETS = 16, 1000
LATENCY_LIMIT_SECONDS = 2.0


def submit(number: int, key: str, form: str) -> int:
    """One request of a stranger, unassigned; returns its id."""
    from crm.core.actor import Actor
    from crm.core.models import Brand
    from tickets.actions import submit_ticket
    from tickets.models import RequestType

    ticket = submit_ticket(
        actor=Actor.guest(), brand=Brand.default(), request_type=RequestType.objects.get(key=key),
        subject=f"Benchmark {number}", description="Made to be taken.", name="Bench Mark",
        email=f"bench{number}@bench.example", form_key=f"{form}-{number}", consent=True, timezone="Asia/Shanghai",
    )  # fmt: skip
    return int(ticket.pk)


def make_tickets(count: int, form: str) -> list[int]:
    """Waiting tickets of one team. Their outbox rows go, so that a running worker leaves them to the race."""
    from django.db import transaction

    from crm.activity.models import Outbox

    ids = []
    with transaction.atomic():
        for number in range(count):
            ids.append(submit(number, "hardware_fault", form))
        Outbox.objects.filter(order_key__in=[f"ticket:{pk}" for pk in ids]).delete()
    return ids


def _begin() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()


def take(arguments: tuple[int, str, list[int]]) -> Counter[str]:
    """One agent tries to take every ticket, in an order of their own."""
    seed, email, ids = arguments
    _begin()
    from crm.accounts.access import actor_for
    from crm.accounts.models import User
    from tickets.actions import accept_ticket
    from tickets.exceptions import AlreadyTaken
    from tickets.models import Ticket

    actor, outcome = actor_for(User.objects.get(email=email)), Counter[str]()
    for pk in random.Random(seed).sample(ids, len(ids)):
        try:
            accept_ticket(actor=actor, ticket=Ticket(pk=pk))
            outcome["taken"] += 1
        except AlreadyTaken:
            outcome["refused"] += 1
    return outcome


def assign(arguments: tuple[int, str, list[int]]) -> Counter[str]:
    """One worker tries to assign every ticket, in an order of its own."""
    seed, _email, ids = arguments
    _begin()
    from crm.core.actor import Actor
    from tickets.actions import assign_automatically
    from tickets.models import Ticket

    outcome: Counter[str] = Counter()
    rows = Ticket.objects.in_bulk(ids)
    for pk in random.Random(seed).sample(ids, len(ids)):
        done = assign_automatically(actor=Actor.system(), ticket=rows[pk])
        outcome["assigned" if done else "queued"] += 1
    return outcome


def race(label: str, work: Any, emails: list[str], form: str, count: int) -> bool:
    """Lets the processes loose and looks at what they left."""
    from django.db import connections

    from crm.activity.models import Activity
    from crm.core.sockets import activity_types
    from tickets.models import Ticket

    ids = make_tickets(count, form)
    connections.close_all()
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        outcomes = pool.map(work, [(seed, emails[seed % len(emails)], ids) for seed in range(PROCESSES)])
    took = time.perf_counter() - began
    code = activity_types["tickets.accepted" if work is take else "tickets.assigned"].code
    deeds = Counter(Activity.objects.filter(type=code, object_id__in=ids).values_list("object_id", flat=True))
    owned = Ticket.objects.filter(pk__in=ids, assignee__isnull=False).count()
    holds = owned == count and len(deeds) == count and set(deeds.values()) == {1}
    print(
        f"{'✔' if holds else '✗'} {label}: {PROCESSES} processes, {count} tickets, {owned} with an owner, "
        f"{sum(deeds.values())} deeds, {took:.1f} s with start-up, {dict(sum(outcomes, Counter()))}"
    )
    return holds


def latency(times: int) -> bool:
    """Seconds from the commit of a submission until somebody holds the ticket."""
    from tickets.models import Ticket

    found = []
    for number in range(times):
        pk = submit(number, "software_fault", f"latency-{time.time_ns()}")
        began = time.perf_counter()
        while not Ticket.objects.filter(pk=pk, assignee__isnull=False).exists():
            if time.perf_counter() - began > 30:
                print("✗ latency: nothing was assigned within 30 s; are worker and ticker running, is anybody free?")
                return False
            time.sleep(0.02)
        found.append(time.perf_counter() - began)
    worst = max(found)
    holds = harness.percentile(found, 0.95) <= LATENCY_LIMIT_SECONDS
    print(
        f"{'✔' if holds else '✗'} submission to assignment: median {harness.median(found):.2f} s, "
        f"p95 {harness.percentile(found, 0.95):.2f} s, worst {worst:.2f} s of {times}"
    )
    return holds


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.assignment", description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=2000, help="size of the demo it runs on")
    parser.add_argument("--count", type=int, default=TICKETS, help="tickets in each race")
    parser.add_argument("--latency", type=int, default=0, metavar="N", help="also time N submissions")
    options = parser.parse_args()
    harness.start(options.tickets)
    from crm.accounts.models import Team
    from tickets.models import AgentProfile, RequestType

    team = Team.objects.get(pk=RequestType.objects.get(key="hardware_fault").team_id)
    agents = AgentProfile.objects.filter(user__memberships__team=team)
    emails = list(agents.values_list("user__email", flat=True))
    before = dict(agents.values_list("pk", "capacity"))
    form = f"race-{time.time_ns()}"
    holds = race("taking", take, emails, f"{form}-a", options.count)
    agents.update(capacity=500)
    try:
        holds &= race("assigning", assign, emails, f"{form}-b", options.count)
    finally:
        for pk, capacity in before.items():
            AgentProfile.objects.filter(pk=pk).update(capacity=capacity)
    if options.latency:
        holds &= latency(options.latency)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
