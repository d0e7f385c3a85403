from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "approval_flows",
        "sales",
        _("Approval flows"),
        _("Which quotes and other records need whose consent before they go out."),
        "approve",
        "approvals:flow_list",
        "approvals.manage",
        40,
        _("approve consent discount superior steps"),
    )
)
