from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
        "number",
    ),
    Kind(131, "contact", "customers.Contact", _("Contact"), _("Contacts"), "user", "customers:contact_detail"),
    Kind(
        132,
        "order",
        "customers.Order",
        pgettext_lazy("purchase", "Order"),
        _("Orders"),
        "order",
        "customers:order_detail",
        "number",
    ),
    Kind(133, "product", "customers.Product", _("Product"), _("Products"), "product", "customers:product_detail"),
    Kind(
        134,
        "equipment",
        "customers.Equipment",
        _("Equipment"),
        _("Equipment"),
        "tool",
        "customers:equipment_detail",
    ),
    Kind(135, "segment", "customers.Segment", _("Segment"), _("Segments"), "segment", "customers:segment_detail"),
    Kind(236, "wish", "customers.Wish", _("Wish"), _("Wishes"), "wish", "customers:wish_detail"),
    Kind(114, "shipment", "customers.Shipment", _("Parcel"), _("Parcels"), "truck"),
    Kind(246, "interaction", "customers.Interaction", _("Interaction"), _("Interactions"), "call"),
)
