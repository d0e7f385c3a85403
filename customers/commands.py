from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "customer_new", _("New customer"), "customer", "customers:customer_create", "customers.create",
        keywords=_("create company person"), create=True, order=20,
    ),
)  # fmt: skip
