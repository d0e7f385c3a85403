from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "opportunities",
        _("Opportunities"),
        [
            Permission("view", _("See opportunities and the forecast")),
            Permission("create", _("Create opportunities")),
            Permission("update", _("Edit, move, win and lose opportunities")),
            Permission("delete", _("Delete opportunities")),
            Permission("export", _("Export opportunities")),
            Permission("import", _("Import opportunities from files")),
            Permission("manage", _("Set up pipelines, stages and lost reasons")),
            Permission("set_targets", _("Set sales targets")),
        ],
        order=30,
        defaults={
            "agent": (["view", "create"], Scope.OWN),
            "senior_agent": (["view", "create"], Scope.OWN),
            "supervisor": (["view", "create"], Scope.OWN),
            "sales": (["view", "create", "update"], Scope.OWN),
            "sales_manager": (["*"], Scope.DEPARTMENT),
            "marketer": (["view"], Scope.ALL),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
