"""Fills an empty product with believable companies, people and a year of tickets."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from crm.accounts.models import User
from crm.console.actions.demo import load_demo
from crm.core import clock
from crm.core.demo import PASSWORD, STAFF_HOST, DemoContext, Progress


class Command(BaseCommand):
    help = "Loads demo data: staff, customers and a year of tickets. The same seed gives the same demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tickets", type=_positive, default=2000, help="how many tickets (2000)")
        parser.add_argument("--customers", type=_positive, default=300, help="how many customers (300)")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives another demo (1)")
        parser.add_argument(
            "--anyway", action="store_true", help="load beside staff that is not of the demo, whose password is public"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(email=f"admin@{STAFF_HOST}").exists():
            self.stdout.write("Demo data is already there; nothing was changed.")
            return
        if User.objects.exists() and not options["anyway"]:
            raise CommandError(
                "This product is in use: it has staff of its own. Demo users have a public password, so demo data "
                "is loaded only with --anyway."
            )
        context = DemoContext(
            seed=options["seed"],
            tickets=options["tickets"],
            customers=options["customers"],
            now=clock.now().replace(second=0, microsecond=0),
            progress=Progress(sys.stderr if options["verbosity"] else None),
        )
        load(context)
        self.stdout.write(
            f"Demo data: {context.customers} customers, {context.tickets} tickets. "
            f"Sign in as admin@{STAFF_HOST} with the password {PASSWORD}."
        )


def load(context: DemoContext) -> None:
    """Loads the demo, which is then known to be one, and refreshes the planner's statistics."""
    load_demo(context)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
