from django.utils.translation import gettext_lazy as _

from crm.core.actor import Scope
from crm.core.sockets import Module, Permission, permissions

permissions.register(
    Module(
        "quotes",
        _("Quotes"),
        [
            Permission("view", _("See quotes")),
            Permission("create", _("Create quotes and new versions")),
            Permission("update", _("Edit quotes and submit them for approval")),
            Permission("send", _("Send quotes to customers")),
            Permission("void", _("Void quotes")),
            Permission(
                "reprice",
                _("Enter other prices than those of the list"),
                _("Without it only a discount lowers the price of a product in a quote."),
            ),
            Permission("price_lists", _("Set up price lists")),
        ],
        order=32,
        defaults={
            "supervisor": (["view"], Scope.OWN),
            "sales": (["view", "create", "update", "send", "void", "reprice"], Scope.OWN),
            "sales_manager": (["*"], Scope.DEPARTMENT),
            "executive": (["view"], Scope.ALL),
            "auditor": (["view"], Scope.ALL),
        },
    )
)
