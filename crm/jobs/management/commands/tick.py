"""The scheduler's process."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from crm.jobs.ticker import Ticker


class Command(BaseCommand):
    help = "Runs due work every second. May run on every host: one leads, the others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = False

        def stop(_signal: int, _frame: object) -> None:
            nonlocal stopping
            stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write("scheduler started")
        Ticker(stop=lambda: stopping).run()
        self.stdout.write("scheduler stopped")
