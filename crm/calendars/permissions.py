from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "calendars",
        _("Calendars"),
        (
            Permission("view", _("View calendars and shifts"), _("Working hours, holidays and who is on shift.")),
            Permission("manage", _("Manage calendars and shifts"), _("Deadlines under way follow a change.")),
        ),
        scoped=False,
        defaults={"supervisor": (("view", "manage"), Scope.NONE), "auditor": (("view",), Scope.NONE)},
    )
)
