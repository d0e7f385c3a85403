from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "contracts",
        _("Contracts"),
        [
            Permission("view", _("See contracts")),
            Permission("create", _("Create and renew contracts")),
            Permission("update", _("Edit, submit, send and complete contracts and their payment plans")),
            Permission("sign", _("Record signatures")),
            Permission("cancel", _("Cancel contracts")),
            Permission("delete", _("Delete drafts of contracts")),
            Permission("export", _("Export contracts")),
        ],
        order=33,
        defaults={
            "supervisor": (["view"], Scope.OWN),
            "sales": (["view", "create", "update", "sign", "delete"], Scope.OWN),
            "sales_manager": (["*"], Scope.DEPARTMENT),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
