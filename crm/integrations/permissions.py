from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

_OWN = (["own_tokens"], Scope.NONE)

permissions.register(
    Module(
        "integrations",
        _("Integrations"),
        [
            Permission("own_tokens", _("Make personal API tokens"), _("A token can do what its person may, or less.")),
            Permission(
                "manage", _("Manage applications and webhooks"), _("Tokens of applications, and everybody's tokens.")
            ),
        ],
        scoped=False,
        order=88,
        defaults={"administrator": (["*"], Scope.NONE), "supervisor": _OWN, "sales_manager": _OWN},
    )
)
