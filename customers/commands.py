from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "customer_new", _("New customer"), "customer", "customers:customer_create", "customers.create",
        keywords=_("create company person"), create=True, order=20,
    ),
    Command(
        "product_new", _("New product"), "product", "customers:product_create", "orders.catalogue",
        keywords=_("catalogue price item"), create=True, order=70,
    ),
)  # fmt: skip
