"""The end of a restored copy's silence."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from crm.console.actions.installation import activate
from crm.core import installation
from crm.core.actor import Actor


class Command(BaseCommand):
    help = "Lets a restored copy send mail and read mailboxes again. Make sure that the original is switched off."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--hold-mail",
            action="store_true",
            help="hold the mail that waits back, because the original has sent it; each can be sent from the settings",
        )

    def handle(self, *args: Any, hold_mail: bool, **options: Any) -> None:
        held = installation.held()
        if held is None:
            self.stdout.write("This copy is active already; nothing was changed.")
            return
        count = activate(actor=Actor.system("activate"), hold_waiting=hold_mail)
        what = "held back" if hold_mail else "on their way"
        self.stdout.write(f"Active since now (held since {held.held_at:%Y-%m-%d %H:%M} UTC). {count} mails are {what}.")
