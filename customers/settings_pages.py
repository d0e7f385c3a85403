from django.utils.translation import gettext_lazy as _

from crm.core.sockets import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "portal",
        "service",
        _("Customer portal"),
        _("Where customers sign in with a code and find their tickets, quotes and orders."),
        "person",
        "portal:settings",
        "customers.portal",
        95,
        _("sign in code self service my requests"),
    ),
    SettingsPage(
        "levels",
        "sales",
        _("Levels and flags"),
        _("What makes a customer valuable or risky, what is offered to whom, and which of it becomes a task."),
        "risk",
        "customers:level_settings",
        "customers.levels",
        90,
        _("risk value credit limit wish offer cross selling upselling rfm"),
    ),
)
