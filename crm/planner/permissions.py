from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_OWN = (["view", "work"], Scope.NONE)

permissions.register(
    Module(
        "planner",
        _("Tasks"),
        [
            Permission("view", _("See tasks"), _("One's own, those of one's teams, and those on visible records")),
            Permission("work", _("Add, change and finish tasks")),
            Permission("delete", _("Delete tasks of others")),
        ],
        scoped=False,
        order=25,
        defaults={
            "agent": _OWN,
            "senior_agent": _OWN,
            "supervisor": (["*"], Scope.NONE),
            "sales": _OWN,
            "sales_manager": (["*"], Scope.NONE),
            "marketer": _OWN,
            "knowledge_editor": _OWN,
            "executive": (["view"], Scope.NONE),
            "auditor": (["view"], Scope.NONE),
        },
    )
)
