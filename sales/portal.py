"""What sales shows in the customer portal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from customers.portals.sections import PortalSection, portal_sections

from .choices.quotes import TONES, QuoteState
from .models import Instalment, Quote

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A quote on a list of the portal. is_open: the reader may still decide."""

    quote: Quote
    tone: str
    is_open: bool


def shown(quote: Quote, today: dt.date) -> Card:
    """A quote as a card. No query."""
    return Card(quote, TONES[QuoteState(quote.state)], quote.is_open and not quote.has_lapsed(today))


def open_quotes(actor: Actor) -> Any:
    """Quotes that the contact may accept, the first to lapse first."""
    today = timezone.localdate(clock.now())
    return Quote.objects.visible_to(actor).sent().filter(valid_until__gte=today).order_by("valid_until", "pk")


def to_accept(actor: Actor) -> dict[str, Any] | None:
    """The block of the home page; nothing where there is nothing to decide. One query."""
    rows = list(open_quotes(actor)[:SHOWN])
    return {"quotes": rows} if rows else None


def money_due(actor: Actor) -> dict[str, Any] | None:
    """The next instalments that are owed, late ones first; nothing where nothing is. One query."""
    today = timezone.localdate(clock.now())
    rows = Instalment.objects.visible_to(actor).open().select_related("contract").order_by("due_on", "pk")[:SHOWN]
    found = [(row, row.due_on < today) for row in rows]
    return {"rows": found} if found else None


portal_sections.register(
    PortalSection(
        "contracts", _("Contracts and payments"), "contract", "agreements:contract_list", order=25, block=money_due,
        template="contracts/portal/_due.html", place="side",
    ),
    PortalSection(
        "quotes", _("Quotes"), "quote", "offers:quote_list", order=20, count=lambda actor: open_quotes(actor).count(),
        block=to_accept, template="quotes/portal/_waiting.html", place="side",
    ),
)  # fmt: skip
