"""The dispatchers' safety net: a lost wake-up costs at most a second."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .dispatch import dispatch
from .sightings import forget_sightings

sweeps.register(
    Sweep(
        "activity.urgent",
        _("Deliver urgent events"),
        1,
        partial(dispatch, "urgent"),
        queue="urgent",
        urgent=True,
    ),
    Sweep("activity.default", _("Deliver events"), 2, partial(dispatch, "default"), urgent=True),
    Sweep("activity.sightings", _("Forget who saw what a year ago"), 3600, forget_sightings, queue="bulk"),
    Sweep("activity.bulk", _("Deliver bulk events"), 5, partial(dispatch, "bulk"), queue="bulk"),
)
