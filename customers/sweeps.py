from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .analysis import nightly
from .duplicate_pairs import find_pairs

sweeps.register(Sweep("customers.figures", _("Figures of customers and reminders"), 24 * 3600, nightly, queue="bulk"))
sweeps.register(Sweep("customers.duplicates", _("Look for possible duplicates"), 3600, find_pairs, queue="bulk"))
