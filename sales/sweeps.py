from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .actions.holding import return_due
from .actions.lead_scores import score_again

sweeps.register(
    Sweep("leads.return", _("Return leads to their pools"), 60, return_due),
    Sweep("leads.score", _("Count scores of leads anew"), 60, score_again),
)
