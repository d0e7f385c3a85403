"""The lists of products, orders and equipment."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import clock, money
from crm.core.actor import Actor
from crm.ui.generic import cells
from crm.ui.generic.cells import Cell
from crm.ui.lists import BuiltinView, Column, Empty, ListPage, Viewer

from ..choices import EquipmentState, OrderChannel, OrderStatus, PaymentState, ProductKind
from ..models import Equipment, Order, Product, ProductCategory

_ORDER_TONES = {"placed": "info", "paid": "success", "shipped": "info", "delivered": "neutral", "cancelled": "danger"}
_STATE_TONES = {"working": "success", "broken": "danger", "repair": "warning", "retired": "neutral"}


def order_tone(order: Order) -> str:
    """The tone of an order's status."""
    return _ORDER_TONES[order.status]


def state_tone(equipment: Equipment) -> str:
    """The tone of a device's state."""
    return _STATE_TONES[equipment.state]


def amount(name: str) -> Cell:
    """An amount in the row's own currency. Put align="num" on the column."""
    return lambda row, viewer: money.shown(getattr(row, name), row.currency)


def _amount_given(name: str) -> Cell:
    """An amount like `amount`, and nothing for zero."""
    return lambda row, viewer: money.shown(value, row.currency) if (value := getattr(row, name)) else ""


class ProductFilters(df.FilterSet):
    kind = df.MultipleChoiceFilter(label=_("Kind"), choices=ProductKind.choices)
    is_active = df.BooleanFilter(label=_("Active"))

    class Meta:
        model = Product
        fields: list[str] = []


class OrderFilters(df.FilterSet):
    status = df.MultipleChoiceFilter(label=_("Status"), choices=OrderStatus.choices)
    channel = df.MultipleChoiceFilter(label=_("Placed in"), choices=OrderChannel.choices)
    payment = df.ChoiceFilter(
        label=_("Payment"), choices=PaymentState.choices, method=lambda rows, name, value: rows.by_payment(value)
    )
    placed_from = df.IsoDateTimeFilter(label=_("Placed from"), field_name="placed_at", lookup_expr="gte")
    placed_to = df.IsoDateTimeFilter(label=_("Placed before"), field_name="placed_at", lookup_expr="lt")
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])

    class Meta:
        model = Order
        fields: list[str] = []


class EquipmentFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=EquipmentState.choices)
    warranty = df.ChoiceFilter(
        label=_("Warranty"),
        choices=[("running", pgettext_lazy("warranty", "Running")), ("over", _("Over"))],
        method="by_warranty",
    )

    class Meta:
        model = Equipment
        fields: list[str] = []

    def by_warranty(self, rows: Any, name: str, value: str) -> Any:
        today = clock.now().date()
        return rows.filter(warranty_until__gte=today) if value == "running" else rows.filter(warranty_until__lt=today)


def _exported(name: str) -> Any:
    return lambda row, viewer: getattr(row, name)


def _with(*relations: str) -> Any:
    def prepare(rows: Any, actor: Actor) -> Any:
        return rows.select_related(*relations)

    return prepare


def _customer(row: Any, viewer: Viewer) -> Any:
    return cells.link("name")(row.customer, viewer)


def _linked(row: ProductCategory, viewer: Viewer) -> Any:
    """A category's name, leading to its form."""
    return format_html('<a href="{}" data-open>{}</a>', reverse("customers:category_update", args=[row.pk]), row.name)


TRADE_LISTS = [
    ListPage(
        key="order",
        model=Order,
        label=_("Orders"),
        section=_("Sales"),
        permission="orders.view",
        url_name="customers:order_list",
        columns=[
            Column("number", _("Number"), cell=cells.link("label"), sort="number", locked=True, width="cw-128",
                   on_card=True),
            Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("status", _("Status"), cell=cells.badge("get_status_display", order_tone), width="cw-128",
                   on_card=True, export=lambda row, viewer: row.get_status_display()),
            Column("channel", _("Placed in"), cell="get_channel_display", width="cw-128"),
            Column("gross", _("Total"), cell=amount("gross"), align="num", width="cw-128", on_card=True,
                   export=_exported("gross")),
            Column("currency", _("Currency"), default=False),
            Column("due", _("Still to pay"), cell=amount("due"), align="num", width="cw-128", export=_exported("due")),
            Column("paid", _("Paid so far"), cell=amount("paid"), align="num", width="cw-128", default=False,
                   export=_exported("paid")),
            Column("paid_at", _("Paid at"), cell=cells.moment("paid_at"), align="num", width="cw-128", default=False,
                   export=_exported("paid_at")),
            Column("refunded", _("Refunded"), cell=_amount_given("refunded"), align="num", width="cw-128",
                   export=_exported("refunded")),
            Column("placed", _("Placed at"), cell=cells.moment("placed_at"), sort="placed_at", align="num",
                   width="cw-128", export=_exported("placed_at")),
        ],
        filterset=OrderFilters,
        quick_filters=("status", "channel"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Order, parcel or customer"),
        default_sort="-placed",
        prepare=_with("customer"),
        row_label=lambda row: row.label,
        date_jump="placed",
        views=[
            BuiltinView("all", _("All orders")),
            BuiltinView("open", _("Not delivered"), {"status": ["placed", "paid", "shipped"]}),
            BuiltinView("due", _("Money due"), {"payment": "due"}),
            BuiltinView("cancelled", _("Cancelled"), {"status": ["cancelled"]}),
        ],
        empty=Empty(_("No orders yet"), _("Enter one on a customer's page, or let your shop push them.")),
        export_permission="orders.export",
    ),
    ListPage(
        key="product",
        model=Product,
        label=_("Products"),
        section=_("Sales"),
        permission="orders.view",
        url_name="customers:product_list",
        columns=[
            Column("code", pgettext_lazy("product", "Code"), width="cw-128", sort="code"),
            Column("name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True,
                   on_card=True),
            Column("category", _("Category"), cell="category.name", width="cw-160"),
            Column("kind", _("Kind"), cell="get_kind_display", width="cw-80"),
            Column("price", _("Price"), cell=amount("price"), align="num", width="cw-128", on_card=True,
                   export=_exported("price")),
            Column("tax", _("Tax (%)"), cell="tax_percent", align="num", width="cw-80"),
            Column("active", _("Active"), cell=cells.yes_no("is_active"), width="cw-80"),
        ],
        filterset=ProductFilters,
        quick_filters=("kind", "is_active"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Code, name or pinyin"),
        default_sort="name",
        prepare=_with("category"),
        row_label=str,
        views=[BuiltinView("all", _("All products")), BuiltinView("active", _("Active"), {"is_active": "true"})],
        empty=Empty(_("No products yet"), _("What you sell; orders, equipment and requests point at it.")),
        create_url_name="customers:product_create",
        create_permission="orders.catalogue",
        create_label=_("New product"),
        export_permission="orders.export",
    ),
    ListPage(
        key="product_category",
        model=ProductCategory,
        label=_("Product categories"),
        section=_("Sales"),
        permission="orders.view",
        url_name="customers:category_list",
        columns=[
            Column("name", _("Name"), cell=_linked, locked=True, on_card=True),
            Column("parent", _("Above"), cell="parent.name", width="cw-160"),
            Column("order", _("Order"), sort="order", align="num", width="cw-80"),
        ],
        default_sort="order",
        prepare=_with("parent"),
        row_label=str,
        empty=Empty(_("No categories yet"), _("Shelves for your products, in a tree.")),
        create_url_name="customers:category_create",
        create_permission="orders.catalogue",
        create_label=_("New category"),
    ),
    ListPage(
        key="equipment",
        model=Equipment,
        label=_("Equipment"),
        section=_("Service"),
        permission="orders.view",
        url_name="customers:equipment_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), css="subj cut", locked=True, on_card=True),
            Column("serial", _("Serial number"), cell="serial_number", sort="serial_number", width="cw-160",
                   on_card=True),
            Column("customer", _("Customer"), cell=_customer, css="cut", on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("place", _("Place"), css="cut", width="cw-160"),
            Column("state", _("State"), cell=cells.badge("get_state_display", state_tone), width="cw-128",
                   on_card=True, export=lambda row, viewer: row.get_state_display()),
            Column("warranty", _("Warranty until"), cell="warranty_until", sort="warranty_until", width="cw-128",
                   export=_exported("warranty_until")),
        ],
        filterset=EquipmentFilters,
        quick_filters=("state", "warranty"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name or serial number"),
        default_sort="serial",
        prepare=_with("customer"),
        row_label=str,
        views=[BuiltinView("all", _("All equipment")), BuiltinView("broken", _("Broken"), {"state": ["broken"]})],
        empty=Empty(_("No equipment yet"), _("Devices of your customers, by serial number; add them on their pages.")),
        export_permission="orders.export",
    ),
]  # fmt: skip
