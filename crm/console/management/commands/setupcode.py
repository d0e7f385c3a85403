"""The link to the first page of a new product, for whoever sits at its console."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crm.console import first_run


class Command(BaseCommand):
    help = "Prints the address and the code that set up a new product; says so when it has been set up."

    def handle(self, *args: Any, **options: Any) -> None:
        if not first_run.is_open():
            self.stdout.write("This product has been set up already: it has users.")
            return
        self.stdout.write(f"set it up at {first_run.setup_link()}")
        self.stdout.write(f"the set-up code is {first_run.setup_code()}")
