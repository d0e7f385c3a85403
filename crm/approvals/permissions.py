from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_OWN = (["decide"], Scope.NONE)

permissions.register(
    Module(
        "approvals",
        _("Approvals"),
        [
            Permission(
                "decide",
                _("Ask for and give approval"),
                _("Everybody sees what they asked for and what they are asked to decide"),
            ),
            Permission("view_all", _("See all approvals")),
            Permission("manage", _("Set up approval flows")),
        ],
        scoped=False,
        order=27,
        defaults={
            "agent": _OWN,
            "senior_agent": _OWN,
            "supervisor": _OWN,
            "sales": _OWN,
            "sales_manager": (["decide", "view_all", "manage"], Scope.NONE),
            "marketer": _OWN,
            "executive": (["decide", "view_all"], Scope.NONE),
            "auditor": (["decide", "view_all"], Scope.NONE),
        },
    )
)
