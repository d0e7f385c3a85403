"""What of sales is worth knowing at a glance."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.sockets import Fact, Glance, Headline, facts, headlines

from .cells import sums_text
from .choices.contracts import OWING
from .choices.quotes import QuoteState
from .models import Contract, Quote
from .selectors.payments import owed_by


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
    owed = owed_by(customer)
    if not owed.overdue:
        return None
    text = ngettext("%(amount)s overdue, for %(days)s day", "%(amount)s overdue, for %(days)s days", owed.days)
    return text % {"amount": sums_text(owed.overdue), "days": owed.days}


def money_due(actor: Actor, customer: Any) -> Glance:
    """What the customer owes, and what of it is late."""
    owed = owed_by(customer)
    if not owed.open:
        return Glance(_t("Nothing"))
    address = f"{reverse('contracts:instalment_list')}?customer={customer.number}&state=open"
    late = ngettext("%(days)s day late", "%(days)s days late", owed.days) % {"days": owed.days}
    return Glance(sums_text(owed.open), address, late if owed.overdue else "", "danger")


facts.register(
    Fact("quotes.accepted", "opportunity", _("Quote"), "success", won_by_quote, "quotes.view"),
    Fact("contracts.signed", "opportunity", _("Contract"), "success", won_by_contract, "contracts.view"),
    Fact("payments.overdue", "customer", _("Money due"), "danger", money_late, "payments.view", 15),
)
headlines.register(Headline("payments.due", "customer", _("Money due"), money_due, "payments.view", 30))
