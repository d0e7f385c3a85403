"""Deliveries that are due, and those nobody needs any more."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .webhooks.delivering import forget_old, wake_due

sweeps.register(
    Sweep("integrations.deliver", _("Send webhooks that are due"), 5, wake_due, queue="bulk"),
    Sweep("integrations.forget", _("Forget old webhook deliveries"), 3600, forget_old, queue="bulk"),
)
