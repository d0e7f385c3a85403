from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "messaging",
        _("Mail"),
        (
            Permission("manage_mail", _("See outgoing mail"), _("The log of every mail, and sending one again")),
            Permission("handle_mail", _("Handle held mail"), _("See incoming mail and decide on what waits")),
            Permission("manage_mailboxes", _("Set up mailboxes"), _("The addresses that customers write to")),
            Permission("manage_templates", _("Edit mail templates"), _("The wording of automatic mail")),
        ),
        scoped=False,
        order=85,
        defaults={"administrator": (("*",), Scope.NONE), "supervisor": (("manage_mail", "handle_mail"), Scope.NONE)},
    )
)
