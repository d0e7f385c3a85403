from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("customers", "sales", _("Customers"), "customer", "customers:customer_list", "customers.view", 10),
    NavItem("duplicates", "sales", _("Possible duplicates"), "merge", "customers:possible_duplicates",
            "customers.merge", 15, under="customers"),
    NavItem("segments", "marketing", _("Segments"), "segment", "customers:segment_list", "segments.view", 10),
    NavItem("orders", "sales", _("Orders"), "order", "customers:order_list", "orders.view", 50),
    NavItem("products", "sales", _("Products"), "product", "customers:product_list", "orders.view", 60),
    NavItem("product_categories", "sales", _("Product categories"), "category", "customers:category_list",
            "orders.view", 61, under="products"),
    NavItem("wishes", "sales", _("Wishes"), "wish", "customers:wish_list", "customers.view", 55),
    NavItem("causes", "reports", _("Causes"), "report", "customers:causes", "orders.view", 15),
    NavItem("equipment", "service", _("Equipment"), "tool", "customers:equipment_list", "orders.view", 60),
)  # fmt: skip
