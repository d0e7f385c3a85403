"""What of sales is worth knowing at a glance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Fact, facts

from .choices.quotes import QuoteState
from .models import Quote


def won_by_quote(actor: Actor, deal: Any) -> Any:
    """Suggests to win an open opportunity whose quote was accepted."""
    if not deal.is_open or not Quote.objects.filter(opportunity=deal, state=QuoteState.ACCEPTED).exists():
        return None
    return _t("Quote accepted: mark it as won")


facts.register(Fact("quotes.accepted", "opportunity", _("Quote"), "success", won_by_quote, "quotes.view"))
