"""Everything into one file, while the product runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crm.console.backups.errors import BackupError, Differs
from crm.console.backups.making import make
from crm.console.backups.restoring import drill
from crm.console.backups.server import Server


class Command(BaseCommand):
    help = "Writes database and files into one archive with checksums. Exit codes: 0 done, 1 not done, 3 verify failed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write; a file that exists is never overwritten")
        parser.add_argument(
            "--verify", action="store_true", help="then restore it beside the live database, compare and drop that copy"
        )

    def handle(self, *args: Any, file: Path, verify: bool, **options: Any) -> None:
        server = Server.of_django()
        try:
            make(file.absolute(), server=server, media_root=Path(settings.MEDIA_ROOT), say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} is written, {file.stat().st_size:,} bytes")
        if verify:
            self._verify(file, server)

    def _verify(self, file: Path, server: Server) -> None:
        try:
            report = drill(file, server=server, say=self.stdout.write)
        except Differs as error:
            self.stdout.write("\n".join(error.report.table()))
            raise CommandError(str(error), returncode=3) from error
        except BackupError as error:
            raise CommandError(f"{file} is written but was not verified: {error}", returncode=3) from error
        self.stdout.write("\n".join(report.table()))
        self.stdout.write(f"{file} restores completely")
