from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("customers", "sales", _("Customers"), "customer", "customers:customer_list", "customers.view", 10),
)
