from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "service_board",
        _("Service overview"),
        "dashboard",
        "reports:board",
        "reports.view_board",
        keywords=_("dashboard board figures backlog SLA satisfaction"),
        order=60,
    )
)
