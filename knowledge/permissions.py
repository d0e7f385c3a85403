from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_READ = (["view"], Scope.NONE)
_WRITE = (["view", "write"], Scope.NONE)

permissions.register(
    Module(
        "knowledge",
        _("Knowledge"),
        [
            Permission("view", _("Read articles"), _("Published ones, those for staff only included")),
            Permission("write", _("Write articles"), _("Drafts and translations, and all drafts of others")),
            Permission("review", _("Review articles"), _("Agree to a text, or send it back")),
            Permission("publish", _("Publish articles"), _("Now or at a time, and take them back")),
            Permission("manage", _("Manage categories")),
            Permission("delete", _("Delete articles")),
        ],
        scoped=False,
        order=45,
        defaults={
            "agent": _READ,
            "senior_agent": _WRITE,
            "supervisor": (["view", "write", "review", "publish"], Scope.NONE),
            "sales": _READ,
            "sales_manager": _READ,
            "marketer": _WRITE,
            "knowledge_editor": (["*"], Scope.NONE),
            "executive": _READ,
            "auditor": _READ,
        },
    )
)
