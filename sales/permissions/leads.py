from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "leads",
        _("Leads"),
        [
            Permission("view", _("See leads, masked in one's pools")),
            Permission("create", _("Enter leads")),
            Permission("update", _("Edit, follow up, discard and convert leads")),
            Permission("claim", _("Claim leads and customers from a pool and return them")),
            Permission("assign", _("Give leads to colleagues")),
            Permission("delete", _("Delete leads")),
            Permission("export", _("Export leads")),
            Permission("import", _("Import leads from files")),
            Permission("manage", _("Set up pools, scores and assignment, and see pooled leads unmasked")),
        ],
        order=28,
        defaults={
            "agent": (["view", "create"], Scope.OWN),
            "senior_agent": (["view", "create"], Scope.OWN),
            "supervisor": (["view", "create"], Scope.OWN),
            "sales": (["view", "create", "update", "claim"], Scope.OWN),
            "sales_manager": (["*"], Scope.DEPARTMENT),
            "marketer": (["view", "create", "import"], Scope.ALL),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
