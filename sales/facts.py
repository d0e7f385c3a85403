"""What of sales is worth knowing at a glance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.sockets import Fact, facts

from .cells import sums_text
from .choices.contracts import OWING
from .choices.quotes import QuoteState
from .models import Contract, Quote
from .selectors.payments import overdue_of


def won_by_quote(actor: Actor, deal: Any) -> Any:
    """Suggests to win an open opportunity whose quote was accepted."""
    if not deal.is_open or not Quote.objects.filter(opportunity=deal, state=QuoteState.ACCEPTED).exists():
        return None
    return _t("Quote accepted: mark it as won")


def won_by_contract(actor: Actor, deal: Any) -> Any:
    """Suggests to win an open opportunity whose contract is signed."""
    if not deal.is_open or not Contract.objects.filter(opportunity=deal, state__in=OWING).exists():
        return None
    return _t("Contract signed: mark it as won")


def money_late(actor: Actor, customer: Any) -> Any:
    """What the customer owes past its day, whoever's contract it is on."""
    found = overdue_of([customer.pk]).get(customer.pk)
    if found is None:
        return None
    text = ngettext("%(amount)s overdue, for %(days)s day", "%(amount)s overdue, for %(days)s days", found.days)
    return text % {"amount": sums_text(found.sums), "days": found.days}


facts.register(
    Fact("quotes.accepted", "opportunity", _("Quote"), "success", won_by_quote, "quotes.view"),
    Fact("contracts.signed", "opportunity", _("Contract"), "success", won_by_contract, "contracts.view"),
    Fact("payments.overdue", "customer", _("Money due"), "danger", money_late, "payments.view", 15),
)
