"""`manage.py receivemail < message`: what a mail server's pipe calls for each mail."""

from __future__ import annotations

import re
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.messaging.inbound.limits import HEADER_BYTES, RAW_BYTES
from crm.messaging.inbound.parsing import parse
from crm.messaging.inbound.raw import receive
from crm.messaging.models import Mailbox

#: sysexits.h EX_TEMPFAIL: the mail server keeps the mail and tries again.
TRY_AGAIN = 75
#: EX_DATAERR: it will never be taken.
NEVER = 65


class Command(BaseCommand):
    help = "Takes one mail from standard input. Exit code 0: stored for good; 75: try again; 65: never."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", default="", help="address of the mailbox; by default the mail's receiver")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(RAW_BYTES + 1)
        if not raw.strip():
            self.stderr.write("There is no mail on standard input.")
            sys.exit(NEVER)
        if len(raw) > RAW_BYTES:
            self.stderr.write("The mail is larger than 50 MB.")
            sys.exit(NEVER)
        try:
            mail = receive(raw, mailbox=self.mailbox(options["mailbox"], raw))
        except Exception as error:  # whatever it is, the mail server must keep the mail
            self.stderr.write(f"The mail could not be stored, try again: {type(error).__name__}")
            sys.exit(TRY_AGAIN)
        self.stdout.write(f"Stored as incoming mail {mail.pk}.")

    def mailbox(self, address: str, raw: bytes) -> Mailbox | None:
        """The mailbox that is named, else one that the mail is addressed to, else none: the default brand's."""
        active = Mailbox.objects.filter(is_active=True)
        if address:  # sys.exit is no Exception, so a wrong name is not tried again
            found = active.filter(address=address.lower()).first()
            if found is None:
                self.stderr.write(f"No active mailbox has the address {address}.")
                sys.exit(NEVER)
            return found
        parsed = parse(re.split(rb"\r?\n\r?\n", raw[:HEADER_BYTES], maxsplit=1)[0] + b"\n\n")
        receivers = {_without_tag(receiver) for receiver in parsed.recipients}
        return active.filter(address__in=receivers).order_by("pk").first()


def _without_tag(address: str) -> str:
    """support+t-…@host is support@host."""
    local, _at, host = address.rpartition("@")
    return f"{local.partition('+')[0]}@{host}"
