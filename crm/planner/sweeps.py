from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import ask_for_outcomes, remind, remind_of_meetings


def remind_due() -> int:
    """Announces the tasks whose reminder has come."""
    return remind(actor=Actor.system())


def remind_due_meetings() -> int:
    """Announces the meetings whose reminder has come."""
    return remind_of_meetings(actor=Actor.system())


def ask_what_came() -> int:
    """Asks what came of the meetings that are over."""
    return ask_for_outcomes(actor=Actor.system())


sweeps.register(
    Sweep("planner.remind", _("Remind of tasks"), 15, remind_due),
    Sweep("planner.remind_meetings", _("Remind of meetings"), 15, remind_due_meetings),
    Sweep("planner.ask_outcomes", _("Ask what came of meetings"), 300, ask_what_came),
)
