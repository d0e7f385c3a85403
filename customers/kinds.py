from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        130,
        "customer",
        "customers.Customer",
        _("Customer"),
        _("Customers"),
        "building",
        "customers:customer_detail",
    ),
    Kind(131, "contact", "customers.Contact", _("Contact"), _("Contacts"), "user", "customers:contact_detail"),
)
