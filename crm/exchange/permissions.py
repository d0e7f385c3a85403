from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "exchange",
        _("Imports"),
        [
            Permission("use", _("Import files"), _("Together with the right to import that kind of record")),
            Permission("review", _("See and undo the imports of colleagues")),
        ],
        scoped=False,
        order=95,
        defaults={
            "supervisor": (["*"], Scope.NONE),
            "sales_manager": (["*"], Scope.NONE),
        },
    )
)
