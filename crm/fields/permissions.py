from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "fields",
        _("Custom fields"),
        (
            Permission("manage", _("Manage custom fields"), _("What is asked and kept beyond a record's own columns.")),
            Permission("tag", _("Create tags"), _("New words become tags; who may edit uses those there are.")),
        ),
        scoped=False,
        order=85,
        defaults={
            "administrator": (("*",), Scope.NONE),
            "supervisor": (("tag",), Scope.NONE),
            "sales_manager": (("tag",), Scope.NONE),
            "senior_agent": (("tag",), Scope.NONE),
            "marketer": (("tag",), Scope.NONE),
        },
    )
)
