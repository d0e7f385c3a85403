"""A personal API token from the console of the server."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.accounts.models import User
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.integrations.actions import make_token


class Command(BaseCommand):
    help = "Makes an API token of a user and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user's mail address")
        parser.add_argument("--name", default="createtoken", help="what it is for")
        parser.add_argument("--days", type=int, default=90, help="days until it ends; 0 for no end")
        parser.add_argument("--permission", action="append", help="narrow it to this right; may be given several times")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["user"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user with the address {options['user']}.")
        ends = clock.now() + dt.timedelta(days=options["days"]) if options["days"] > 0 else None
        try:
            made = make_token(
                actor=Actor.system("createtoken"), user=user, name=options["name"],
                permissions=options["permission"], expires_at=ends,
            )  # fmt: skip
        except DomainError as error:
            raise CommandError("; ".join(map(str, error.fields.values())) or str(error)) from error
        self.stdout.write(made.secret)
