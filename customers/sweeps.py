from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .duplicate_pairs import find_pairs

sweeps.register(Sweep("customers.duplicates", _("Look for possible duplicates"), 3600, find_pairs, queue="bulk"))
