from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "customers",
        _("Customers"),
        [
            Permission("view", _("See customers")),
            Permission("create", _("Create customers")),
            Permission("update", _("Edit customers")),
            Permission("delete", _("Delete customers")),
            Permission("portal", _("Set up the customer portal")),
            Permission("credit", _("Set credit limits and risk levels, and read credit reports")),
            Permission("levels", _("Set up levels, flags and what becomes a task")),
            Permission("merge", _("Merge customers and contacts, and undo it")),
            Permission("reveal", _("See full phone numbers and email addresses")),
            Permission(
                "uncover",
                _("Uncover one masked phone number or address at a time"),
                _("Each look is recorded on the customer and in the audit log."),
            ),
            Permission("export", _("Export customers")),
            Permission("import", _("Import customers")),
        ],
        order=20,
        defaults={
            "agent": (["view", "create", "update", "reveal"], Scope.ALL),
            "senior_agent": (["view", "create", "update", "merge", "reveal"], Scope.ALL),
            "supervisor": (["*"], Scope.ALL),
            "sales": (["view", "create", "update", "reveal"], Scope.OWN),
            "sales_manager": (["*"], Scope.DEPARTMENT),
            "marketer": (["view", "uncover"], Scope.ALL),
            "executive": (["view", "uncover"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
permissions.register(
    Module(
        "orders",
        _("Orders and products"),
        [
            Permission("view", _("See orders, equipment and what was bought")),
            Permission("manage", _("Enter orders, parcels, refunds and equipment")),
            Permission("catalogue", _("Set up products")),
            Permission("export", _("Export orders")),
        ],
        scoped=False,
        order=25,
        defaults={
            "agent": (["view", "manage"], Scope.NONE),
            "senior_agent": (["view", "manage"], Scope.NONE),
            "supervisor": (["*"], Scope.NONE),
            "sales": (["view", "manage"], Scope.NONE),
            "sales_manager": (["*"], Scope.NONE),
            "marketer": (["view"], Scope.NONE),
            "executive": (["view"], Scope.NONE),
            "auditor": (["view"], Scope.NONE),
        },
    )
)
permissions.register(
    Module(
        "segments",
        _("Segments"),
        [
            Permission("view", _("See segments")),
            Permission("manage", _("Make, change and delete segments")),
        ],
        scoped=False,
        order=27,
        defaults={
            "agent": (["view"], Scope.NONE),
            "senior_agent": (["view"], Scope.NONE),
            "supervisor": (["*"], Scope.NONE),
            "sales": (["view"], Scope.NONE),
            "sales_manager": (["*"], Scope.NONE),
            "marketer": (["*"], Scope.NONE),
            "executive": (["view"], Scope.NONE),
            "auditor": (["view"], Scope.NONE),
        },
    )
)
