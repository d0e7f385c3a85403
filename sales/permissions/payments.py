from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "payments",
        _("Payments"),
        [
            Permission("view", _("See what is due and what was paid, of contracts one may see")),
            Permission("record", _("Record payments received")),
            Permission("reverse", _("Refund and reverse payments")),
            Permission("remind", _("Send payment reminders to customers")),
            Permission("export", _("Export payments")),
            Permission("manage", _("Set up payment reminders")),
        ],
        scoped=False,
        order=34,
        defaults={
            "supervisor": (["view"], Scope.NONE),
            "sales": (["view", "record", "remind"], Scope.NONE),
            "sales_manager": (["*"], Scope.NONE),
            "executive": (["view"], Scope.NONE),
            "auditor": (["view"], Scope.NONE),
        },
    )
)
