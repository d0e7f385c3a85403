from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .clock_sweep import sweep_clocks

sweeps.register(Sweep("calendars.clocks", _("Warn of deadlines"), 1, sweep_clocks, queue="urgent", urgent=True))
