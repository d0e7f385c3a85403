"""The way back from an archive."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from crm.console.backups.comparing import Report
from crm.console.backups.errors import BackupError, Differs
from crm.console.backups.restoring import drill, restore
from crm.console.backups.server import Server


class Command(BaseCommand):
    help = (
        "Restores an archive of `manage.py backup` and compares what came back. The copy sends nothing until "
        "`manage.py activate`. Exit codes: 0 done, 1 not done, 3 done but different."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--database-url", default="", help="where to; by default the product's own database")
        parser.add_argument("--media-root", type=Path, default=None, help="where the files go; by default MEDIA_ROOT")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--replace",
            action="store_true",
            help="put the archive in the place of a database that has tables; the former one is kept by another name",
        )
        how.add_argument(
            "--beside", action="store_true", help="only a drill: restore beside the live database, compare, drop it"
        )

    def handle(
        self, *args: Any, file: Path, database_url: str, media_root: Path | None, replace: bool, beside: bool,
        **options: Any,
    ) -> None:  # fmt: skip
        connections.close_all()
        try:
            server = Server.of_url(database_url) if database_url else Server.of_django()
            if beside:
                self._show(drill(file, server=server, say=self.stdout.write))
                self.stdout.write(f"{file} restores completely")
                return
            place = (media_root or Path(settings.MEDIA_ROOT)).absolute()
            done = restore(file, server=server, media_root=place, replace=replace, say=self.stdout.write)
        except Differs as error:
            self._show(error.report)
            raise CommandError(str(error), returncode=3) from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error}") from error
        self._show(done.report)
        if done.kept:
            self.stdout.write(f"The former database is kept as {done.kept}. Drop it when you no longer need it.")
        self.stdout.write("Restored. Run `manage.py migrate` if the archive is older than this revision.")
        self.stdout.write("This copy sends nothing until you run `manage.py activate`.")

    def _show(self, report: Report) -> None:
        self.stdout.write("\n".join(report.table()))
