from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import mark_stale
from .actions.contract_states import end_contracts, tell_of_endings
from .actions.customer_pools import follow_pools
from .actions.holding import return_due
from .actions.lead_scores import score_again
from .actions.quote_answers import expire_quotes
from .actions.reminders import find_overdue
from .actions.snapshots import take_snapshot

sweeps.register(
    Sweep("leads.return", _("Return leads to their pools"), 60, return_due),
    Sweep("pools.customers", _("Warn of customers that go back to their pools, and return them"), 300, follow_pools),
    Sweep("leads.score", _("Count scores of leads anew"), 60, score_again),
)


def find_stale() -> int:
    """Tells of opportunities that passed the usual days of their stage."""
    return mark_stale(actor=Actor.system())


def end_due() -> int:
    """Ends contracts whose last day has passed."""
    return end_contracts(actor=Actor.system("expiry"))


def tell_endings() -> int:
    """Tells owners of contracts that end soon."""
    return tell_of_endings(actor=Actor.system())


def overdue() -> int:
    """Tells owners of money that is late, and reminds customers where that is set up."""
    return find_overdue(actor=Actor.system())


def expire() -> int:
    """Ends quotes whose last day has passed."""
    return expire_quotes(actor=Actor.system("expiry"))


def keep_forecast() -> int:
    """Keeps the week's forecast."""
    return take_snapshot(actor=Actor.system("forecast"))


sweeps.register(
    Sweep("opportunities.snapshot", _("Keep the forecast of the week"), 3600, keep_forecast, queue="reports"),
    Sweep("opportunities.stale", _("Find opportunities that stand still"), 600, find_stale),
    Sweep("quotes.expire", _("End quotes whose last day has passed"), 600, expire),
    Sweep("contracts.end", _("End contracts whose last day has passed"), 600, end_due),
    Sweep("contracts.ending", _("Tell of contracts that end soon"), 600, tell_endings),
    Sweep("payments.overdue", _("Find instalments that are overdue"), 600, overdue),
)
