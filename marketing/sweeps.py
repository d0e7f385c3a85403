"""Campaigns that are due, whoever forgot them."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .journeys.working import advance_journeys, look_at_rules
from .working import advance_due, settle_sent

sweeps.register(
    Sweep("marketing.campaigns", _("Send campaigns that are due"), 3, advance_due, queue="bulk"),
    Sweep("marketing.settle", _("Note which campaign mails came back"), 60, settle_sent, queue="bulk"),
    Sweep("marketing.journeys", _("Let people walk their journeys"), 5, advance_journeys, queue="bulk"),
    Sweep("marketing.journey_rules", _("Look who reached a journey's goal"), 120, look_at_rules, queue="bulk"),
)
