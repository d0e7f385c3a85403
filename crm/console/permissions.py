"""What the platform's own screens ask for."""

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "console",
        _("Settings"),
        (
            Permission("view_settings", _("Open the settings"), _("See users, departments, teams and working hours.")),
            Permission("manage_staff", _("Manage users"), _("Invite, edit and suspend users; give them roles.")),
            Permission("manage_structure", _("Manage departments and teams")),
            Permission("manage_roles", _("Manage roles"), _("Change what a role may do and how far it sees.")),
            Permission("manage_brand", _("Manage the brand"), _("Name, sender, language, time zone and currency.")),
            Permission("manage_apps", _("Manage apps and demo data"), _("Switch apps off, load and remove demo data.")),
            Permission("manage_jobs", _("Manage jobs"), _("Background work and the state of the system.")),
            Permission("erase", _("Delete for good"), _("Remove records from the recycle bin before their 30 days.")),
            Permission(
                "view_audit", _("Read the audit log"), _("Who did what and when, with values before and after.")
            ),
        ),
        scoped=False,
        order=90,
        defaults={
            "administrator": (("*",), Scope.NONE),
            "supervisor": (("view_settings",), Scope.NONE),
            "auditor": (("view_settings", "view_audit"), Scope.NONE),
        },
    )
)
