from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_WORK = ["view", "create", "update", "reply", "note", "take", "resolve", "reassign"]

permissions.register(
    Module(
        "tickets",
        _("Tickets"),
        [
            Permission("view", _("See tickets")),
            Permission("create", _("Create tickets")),
            Permission("update", _("Change type, priority and status")),
            Permission("reply", _("Reply to customers")),
            Permission("note", _("Write internal notes")),
            Permission("take", _("Take tickets")),
            Permission("resolve", _("Resolve and close tickets")),
            Permission("reassign", _("Hand tickets to others")),
            Permission("delete", _("Delete tickets")),
            Permission("export", _("Export tickets")),
            Permission("manage", _("Set up the service desk")),
        ],
        order=30,
        defaults={
            "agent": (_WORK, Scope.TEAM),
            "senior_agent": ([*_WORK, "export"], Scope.TEAM),
            "supervisor": (["*"], Scope.DEPARTMENT),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
