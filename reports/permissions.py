from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "reports",
        _("Reports"),
        [
            Permission(
                "view_board",
                _("See the service board"),
                _("The figures count the tickets that the reader may see."),
            ),
            Permission("export", _("Export figures")),
            Permission("view", _("See reports and dashboards"), _("Each counts the records that the reader may see.")),
            Permission("share", _("Share dashboards, and mail reports to others")),
            Permission("mail", _("Get reports by mail")),
            Permission("set_targets", _("Set targets of the service"), _("Marked on the board and in reports")),
            Permission("view_owner", _("See the owner's page")),
        ],
        scoped=False,
        order=80,
        defaults={
            "supervisor": (["*"], Scope.NONE),
            "executive": (["*"], Scope.NONE),
            "auditor": (["view_board", "view"], Scope.NONE),
            "agent": (["view", "mail"], Scope.NONE),
            "senior_agent": (["view", "mail"], Scope.NONE),
            "sales": (["view", "mail"], Scope.NONE),
            "sales_manager": (["view", "mail", "share", "export", "view_owner"], Scope.NONE),
            "marketer": (["view", "mail", "export"], Scope.NONE),
            "knowledge_editor": (["view", "mail"], Scope.NONE),
        },
    )
)
