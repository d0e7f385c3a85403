from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_SHARERS = ("supervisor", "sales_manager", "knowledge_editor", "marketer", "senior_agent")

permissions.register(
    Module(
        "ui",
        _("Lists"),
        [Permission("share_views", _("Share views"), _("Save a view of a list for one's teams or for everybody"))],
        scoped=False,
        order=90,
        defaults={key: (["share_views"], Scope.NONE) for key in _SHARERS},
    )
)
