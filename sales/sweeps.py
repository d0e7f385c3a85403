from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import mark_stale
from .actions.holding import return_due
from .actions.lead_scores import score_again
from .actions.quote_answers import expire_quotes

sweeps.register(
    Sweep("leads.return", _("Return leads to their pools"), 60, return_due),
    Sweep("leads.score", _("Count scores of leads anew"), 60, score_again),
)


def find_stale() -> int:
    """Tells of opportunities that passed the usual days of their stage."""
    return mark_stale(actor=Actor.system())


def expire() -> int:
    """Ends quotes whose last day has passed."""
    return expire_quotes(actor=Actor.system("expiry"))


sweeps.register(
    Sweep("opportunities.stale", _("Find opportunities that stand still"), 600, find_stale),
    Sweep("quotes.expire", _("End quotes whose last day has passed"), 600, expire),
)
