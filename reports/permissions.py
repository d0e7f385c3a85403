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
        ],
        scoped=False,
        order=80,
        defaults={
            "supervisor": (["*"], Scope.NONE),
            "executive": (["*"], Scope.NONE),
            "auditor": (["view_board"], Scope.NONE),
        },
    )
)
