from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import remind


def remind_due() -> int:
    """Announces the tasks whose reminder has come."""
    return remind(actor=Actor.system())


sweeps.register(Sweep("planner.remind", _("Remind of tasks"), 15, remind_due))
