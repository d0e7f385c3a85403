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
    Command(
        "segment_new", _("New segment"), "segment", "customers:segment_create", "segments.manage",
        keywords=_("audience target group filter"), create=True, order=75,
    ),
    Command(
        "segment_new_static", _("New static segment"), "segment", "customers:segment_create_static",
        "segments.manage", keywords=_("audience picked by hand"), order=76,
    ),
)  # fmt: skip
