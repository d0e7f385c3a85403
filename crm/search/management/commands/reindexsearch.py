"""Brings the search index up to date after an upgrade or an import."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from crm.jobs import runners
from crm.search.indexing import reindex_all
from crm.search.job_runners import KIND
from crm.search.models import SearchEntry


class Command(BaseCommand):
    help = "Reads records that the search index lacks or holds in an older form. Safe to run at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="read every record again")
        parser.add_argument("--job", action="store_true", help="let a worker do it, shown under Jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            SearchEntry.objects.update(tokenizer_version=0)
        if options["job"]:
            with transaction.atomic():
                job = runners.start(kind=KIND, label="Search index", owner_id=None, params={})
            self.stdout.write(f"Job {job.pk} started.")
            return
        began = time.monotonic()
        count = sum(reindex_all())
        seconds = time.monotonic() - began
        self.stdout.write(f"{count} records in {seconds:.1f} s ({count / max(seconds, 0.001):.0f} a second).")
