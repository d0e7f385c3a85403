from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

_SEE = "customers.view"

activity_types.register(
    ActivityType(
        267, "pools.claimed", _("Customer claimed"), _("%(actor)s claimed %(name)s from %(pool)s"), "assign",
        "success", _SEE,
    ),
    ActivityType(
        268, "pools.released", _("Customer put into a pool"), _("%(actor)s put %(name)s into %(pool)s"), "undo",
        "warning", _SEE, card=True,
    ),
    ActivityType(
        269, "pools.returned", _("Customer went back by itself"), _("%(name)s went back to %(pool)s"), "undo",
        "warning", _SEE, card=True,
    ),
    ActivityType(
        270, "pools.return_near", _("Customer goes back soon"), _("%(name)s goes back to %(pool)s in %(days)s days"),
        "clock", "warning", _SEE,
    ),
)  # fmt: skip
