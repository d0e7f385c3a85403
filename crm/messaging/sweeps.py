"""Mail that is due, whoever forgot it."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .delivery import wake_due

sweeps.register(Sweep("messaging.mail", _("Send mail that is due"), 2, wake_due, queue="urgent", urgent=True))
