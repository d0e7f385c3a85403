"""What a colleague sees of a mail before deciding on it: its words, as text, and the names of its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.core.text import clean_line

from ..models import InboundMail
from .parsing import parse
from .raw import raw_of

#: A larger mail is downloaded instead.
SHOWN_BYTES = 2_000_000
TEXT_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Preview:
    """text: "" when there is none to show. is_readable: False for a mail that is too large or broken."""

    is_readable: bool
    text: str = ""
    recipients: Sequence[str] = ()
    files: Sequence[str] = ()


def preview(mail: InboundMail) -> Preview:
    """The mail as text. Never raises: one whose bytes are lost or hostile is not readable."""
    if mail.size > SHOWN_BYTES:
        return Preview(False)
    try:
        parsed = parse(raw_of(mail))
    except OSError:
        return Preview(False)
    if parsed.trouble:
        return Preview(False, recipients=parsed.recipients)
    return Preview(
        True, parsed.text[:TEXT_SHOWN], parsed.recipients, [clean_line(file.name, 150) for file in parsed.files[:50]]
    )
