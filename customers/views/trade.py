"""Products, orders and equipment: lists, pages and their verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import money
from crm.core.errors import DomainError
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..actions.trade_bin import delete_equipment, delete_order, delete_product
from ..choices import OrderStatus
from ..forms import trade as forms
from ..lists.trade import amount, order_tone, state_tone
from ..models import Customer, Equipment, Order, Product, ProductCategory, Shipment
from ..selectors import shown_place
from .details import DetailCreate, DetailUpdate


class ProductList(ListView):
    permission = "orders.view"
    page = "product"


class ProductDetail(DetailView):
    permission = "orders.view"
    model = Product
    relations = ("category",)
    fields = (
        Field("code", pgettext_lazy("product", "Code")),
        Field("kind", gettext_lazy("Kind"), "get_kind_display"),
        Field("category", gettext_lazy("Category")),
        Field("price", gettext_lazy("Price"), amount("price")),
        Field("unit", gettext_lazy("Unit")),
        Field("tax_percent", gettext_lazy("Tax (%)")),
        Field("repurchase_days", gettext_lazy("Needed again after (days)")),
        Field("is_active", gettext_lazy("Active")),
    )
    verbs = (
        Verb(gettext_lazy("Edit"), "customers:product_update", "edit", "orders.catalogue", primary=True),
        Verb(gettext_lazy("Delete"), "customers:product_delete", "delete", "orders.catalogue", danger=True),
    )


class ProductDelete(ToRecycleBin, DeleteView):
    permission = "orders.catalogue"
    model, action = Product, delete_product
    record_as = "row"


class ProductCreate(CreateView):
    permission = "orders.catalogue"
    model, form_class, action = Product, forms.ProductForm, actions.save_product
    title, button = gettext_lazy("New product"), gettext_lazy("Create product")


class ProductUpdate(UpdateView):
    permission = "orders.catalogue"
    model, form_class, action = Product, forms.ProductForm, actions.save_product


class CategoryList(ListView):
    permission = "orders.view"
    page = "product_category"


class CategoryCreate(CreateView):
    permission = "orders.catalogue"
    model, form_class, action = ProductCategory, forms.CategoryForm, actions.save_category
    title, button = gettext_lazy("New category"), gettext_lazy("Create category")

    def url_of(self, record: Any) -> str:
        return self.list_url


class CategoryUpdate(UpdateView):
    permission = "orders.catalogue"
    model, form_class, action = ProductCategory, forms.CategoryForm, actions.save_category

    def url_of(self, record: Any) -> str:
        return self.list_url


class OrderList(ListView):
    permission = "orders.view"
    page = "order"


def _may_ship(order: Order) -> bool:
    return order.status != OrderStatus.CANCELLED


def _may_cancel(order: Order) -> bool:
    return order.status not in (OrderStatus.CANCELLED, OrderStatus.DELIVERED)


def _is_cancelled(order: Order) -> bool:
    return order.status == OrderStatus.CANCELLED


class OrderDelete(ToRecycleBin, DeleteView):
    permission = "orders.manage"
    model, lookup, action = Order, "number", delete_order
    record_as = "row"
    relations = ("customer",)


class OrderDetail(DetailView):
    """Lines, parcels and refunds of an order; what was asked about it at the side."""

    permission = "orders.view"
    model = Order
    lookup = "number"
    relations = ("customer", "contact", "brand")
    template_name = "customers/order_detail.html"
    headline = (
        Field("status", gettext_lazy("Status"), cells.badge("get_status_display", order_tone)),
        Field("gross", gettext_lazy("Total"), amount("gross")),
        Field("due", gettext_lazy("Still to pay"), amount("due")),
        Field("refunded", gettext_lazy("Refunded"), amount("refunded")),
        Field("placed_at", gettext_lazy("Placed at"), cells.moment("placed_at")),
    )
    fields = (
        Field("customer", gettext_lazy("Customer"), lambda row, viewer: cells.link("name")(row.customer, viewer)),
        Field("contact", gettext_lazy("Contact")),
        Field("channel", gettext_lazy("Placed in"), "get_channel_display"),
        Field("paid", gettext_lazy("Paid so far"), amount("paid")),
        Field("paid_at", gettext_lazy("Paid at"), cells.moment("paid_at")),
        Field("external_id", gettext_lazy("Order number of the shop")),
        Field("note", gettext_lazy("Note")),
    )
    verbs = (
        Verb(gettext_lazy("Ship"), "customers:order_ship", "truck", "orders.manage", primary=True, when=_may_ship),
        Verb(gettext_lazy("Refund"), "customers:order_refund", "undo", "orders.manage", when=_may_ship),
        Verb(gettext_lazy("Edit"), "customers:order_update", "edit", "orders.manage"),
        Verb(gettext_lazy("Cancel order"), "customers:order_cancel", "close", "orders.manage", danger=True,
             when=_may_cancel),
        Verb(gettext_lazy("Delete"), "customers:order_delete", "delete", "orders.manage", danger=True,
             when=_is_cancelled),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        order = self.object
        sees = self.actor.can("customers.reveal")
        return {
            "ship_to": shown_place(self.actor, order.ship_to),
            "may_uncover": self.actor.can("customers.uncover") and not sees,
            "lines": [
                (line, money.shown(line.unit_price, order.currency), money.shown(line.gross, order.currency))
                for line in order.lines.select_related("product")
            ],
            "shipments": order.shipments.all(),
            "devices": Equipment.objects.filter(order_line__order=order).order_by("pk"),
            "refunds": [(row, money.shown(row.amount, order.currency)) for row in order.refunds.all()],
            "totals": {name: money.shown(getattr(order, name), order.currency) for name in ("net", "tax", "gross")},
        }


class OrderCreate(RecordView):
    """An order that staff enter for the customer in the address."""

    permission = "orders.manage"
    model = Customer
    lookup = "number"
    relations = ("brand",)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(forms.OrderForm(customer=self.object), forms.LineFormSet(prefix="line"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        form = forms.OrderForm(request.POST, customer=self.object)
        lines = forms.LineFormSet(request.POST, prefix="line")
        if "add_line" in request.POST:
            return self.page(form, forms.LineFormSet(_more_lines(request), prefix="line"))
        if form.is_valid() and lines.is_valid():
            try:
                order = actions.place_order(
                    actor=self.actor,
                    customer=self.object,
                    values=form.values(),
                    lines=[row.line() for row in lines if row.is_filled],
                )
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _("%(name)s is created.") % {"name": order.label})
                return redirect(cells.url_of(order))
        return self.page(form, lines, status=422)

    def page(self, form: Any, lines: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "lines": lines, "customer": self.object, "view": self}
        return render(self.request, "customers/order_form.html", context, status=status)


def _more_lines(request: HttpRequest) -> Any:
    data = request.POST.copy()
    total = data.get("line-TOTAL_FORMS", "3")
    data["line-TOTAL_FORMS"] = str(min(50, int(total) + 3)) if total.isdecimal() and len(total) < 4 else "3"
    return data


class OrderUpdate(UpdateView):
    """What may be corrected on an order: what was paid, where it goes, the note, its custom fields."""

    permission = "orders.manage"
    model = Order
    lookup = "number"
    relations = ("customer",)
    form_class, action = forms.OrderFactsForm, actions.change_order

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Who sees addresses masked finds no field that holds one in full."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not self.actor.can("customers.reveal"):
            self.form_class = forms.OrderWithoutPlaceForm


class OrderVerb(ActionView):
    permission = "orders.manage"
    model = Order
    record_as = "order"
    lookup = "number"
    relations = ("customer",)


class OrderShip(OrderVerb):
    action, form_class = actions.ship_order, forms.ShipForm
    title, button = gettext_lazy("Ship %(name)s"), gettext_lazy("Add parcel")


class OrderRefund(OrderVerb):
    action, form_class = actions.refund_order, forms.RefundForm
    title, button = gettext_lazy("Refund on %(name)s"), gettext_lazy("Note the refund")


class OrderCancel(OrderVerb):
    action, form_class = actions.cancel_order, forms.CancelForm
    title, button, danger = gettext_lazy("Cancel %(name)s?"), gettext_lazy("Cancel order"), True


class ShipmentUpdate(ActionView):
    """How far a parcel is."""

    permission = "orders.manage"
    model = Shipment
    relations = ("order",)
    action, form_class = actions.move_shipment, forms.ParcelForm
    record_as = "shipment"
    title, button = gettext_lazy("Parcel %(name)s"), gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"status": self.object.status}}

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.order)


class EquipmentList(ListView):
    permission = "orders.view"
    page = "equipment"


def _bought_with(row: Equipment, viewer: Any) -> Any:
    return cells.link("label")(row.order_line.order, viewer) if row.order_line is not None else None


class EquipmentDetail(DetailView):
    permission = "orders.view"
    model = Equipment
    relations = ("customer", "product", "order_line__order")
    fields = (
        Field("customer", gettext_lazy("Customer"), lambda row, viewer: cells.link("name")(row.customer, viewer)),
        Field("product", gettext_lazy("Product")),
        Field("serial_number", gettext_lazy("Serial number")),
        Field("order_line", gettext_lazy("Bought with"), _bought_with),
        Field("place", gettext_lazy("Place")),
        Field("state", gettext_lazy("State"), cells.badge("get_state_display", state_tone)),
        Field("installed_on", gettext_lazy("Installed on")),
        Field("warranty_until", gettext_lazy("Warranty until")),
    )
    verbs = (
        Verb(gettext_lazy("Edit"), "customers:equipment_update", "edit", "orders.manage", primary=True),
        Verb(gettext_lazy("Delete"), "customers:equipment_delete", "delete", "orders.manage", danger=True),
    )


class EquipmentCreate(DetailCreate):
    permission = "orders.manage"
    form_class, action, title = forms.EquipmentForm, actions.save_equipment, gettext_lazy("New equipment")

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "customer": self.object}


class EquipmentUpdate(DetailUpdate):
    permission = "orders.manage"
    model, form_class, action = Equipment, forms.EquipmentForm, actions.save_equipment

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "customer": self.object.customer}

    def url_of(self, record: Any) -> str:
        return cells.url_of(record)


class EquipmentDelete(ToRecycleBin, DeleteView):
    permission = "orders.manage"
    model, action = Equipment, delete_equipment
    record_as = "row"
    relations = ("customer",)
