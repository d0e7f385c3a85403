from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Sweep, sweeps

from .actions import start_due


def mail_due() -> int:
    """Starts the jobs of reports that are due."""
    return start_due(actor=Actor.system())


sweeps.register(Sweep("reports.mail", _("Reports by mail"), 30, mail_due, queue="reports"))
