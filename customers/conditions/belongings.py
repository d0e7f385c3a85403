"""What conditions may ask about everything that belongs to a customer: people, places, orders, devices."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.conditions.expressions import Through, count_of, first_of
from crm.conditions.moments import start_of_day
from crm.conditions.registry import Field
from crm.core import clock
from crm.core.actor import Actor

from ..choices import ConsentChannel, EquipmentState, IdentityKind, OrderChannel
from ..models import (
    Address,
    Consent,
    Contact,
    Equipment,
    Identity,
    Order,
    OrderLine,
    Product,
    ProductCategory,
)  # fmt: skip

_SEE, _ORDERS = "customers.view", "orders.view"
_PEOPLE = ("customers.contact_added", "customers.contact_updated")
_DEALS = ("orders.placed", "orders.changed", "orders.cancelled", "orders.refunded", "orders.withdrawn")
_DEVICES = ("orders.equipment_saved", "orders.withdrawn")
_PLACES = ("customers.detail_saved", "customers.detail_removed")


def _choices(choices: Any) -> Any:
    return lambda actor: list(choices.choices)


def _categories(actor: Actor) -> list[tuple[Any, Any]]:
    return [(row.pk, row.name) for row in ProductCategory.objects.visible_to(actor)]


def _products(actor: Actor) -> list[tuple[Any, Any]]:
    rows = Product.objects.visible_to(actor).active().order_by("sort_key")
    return [(row.pk, str(row)) for row in rows.only("code", "name")]


def said_yes() -> Any:
    """Consents that hold: of each person and channel the last word, where it is yes."""
    later = Consent.objects.filter(contact=OuterRef("contact"), channel=OuterRef("channel"), pk__gt=OuterRef("pk"))
    return Consent.objects.filter(~Exists(later), granted=True)


def _people_of(customer: Any) -> Any:
    return Contact.objects.filter(customer_id=customer)


def _orders_of(customer: Any) -> Any:
    return Order.objects.counting().filter(customer_id=customer)


def _lines() -> Any:
    """Order lines; they know the category of their product."""
    category = Product.objects.filter(pk=OuterRef("product_id")).values("category_id")
    return OrderLine.objects.order_by().annotate(of_category=Subquery(category))


def devices(customer: Any) -> Any:
    """The customer's devices in use."""
    return Equipment.objects.filter(customer_id=customer).exclude(state=EquipmentState.RETIRED)


def _warranties(customer: Any, today: Any) -> Any:
    return devices(customer).filter(warranty_until__gte=today).order_by("warranty_until")


def _unpaid_of(customer: Any) -> Any:
    return Order.objects.with_due().filter(customer_id=customer, due_now__gt=0)


#: The row that is asked.
_ROW = OuterRef("pk")
_TODAY = TruncDate(Now())


def _today() -> Any:
    return timezone.localtime(clock.now()).date()


def _warranty_ends() -> Any:
    return first_of(_warranties(_ROW, _TODAY), "warranty_until")


def _many(key: str, label: Any, rows: Any, member: str, **further: Any) -> Field:
    """rows(customer): the related rows, `customer` being an id or a reference to the row asked."""
    return Field(
        f"customer.{key}", "customer", label, further.pop("type", "many_choice"), lambda: rows(_ROW), many=True,
        member=member, python=lambda customer: list(rows(customer.pk).values_list(member, flat=True)), **further,
    )  # fmt: skip


def _through(key: str, label: Any, between: Any, rows: Any, column: str, member: str, **further: Any) -> Field:
    """rows(): those whose `column` names a row of between(customer)."""

    def read(customer: Any) -> list[Any]:
        own = rows().filter(**{f"{column}__in": between(customer.pk).values("pk")})
        return list(own.values_list(member, flat=True))

    return Field(
        f"customer.{key}", "customer", label, "many_choice", lambda: Through(between, rows(), column, member),
        many=True, member=member, python=read, **further,
    )  # fmt: skip


BELONGINGS = (
    Field("customer.last_interaction_at", "customer", _("Last follow-up"), "datetime", "last_interaction_at",
          permission=_SEE, watches=("customers.talked",), order=55),
    Field("customer.language", "customer", _("Language"), "choice", "language", permission=_SEE, order=56,
          values=lambda actor: [("en", "English"), ("zh-hans", "简体中文")]),
    _many("city", _("City"), lambda of: Address.objects.filter(customer_id=of), "city", type="text",
          permission=_SEE, watches=_PLACES, order=57),
    _many("region", _("Province or state"), lambda of: Address.objects.filter(customer_id=of), "region", type="text",
          permission=_SEE, watches=_PLACES, order=58),
    Field("customer.contacts", "customer", _("Number of contacts"), "number", lambda: count_of(_people_of(_ROW)),
          python=lambda row: _people_of(row.pk).count(), permission=_SEE, watches=_PEOPLE, order=60),
    _through("reached_by", _("Can be reached by"), _people_of, Identity.objects.all, "contact", "kind",
             values=_choices(IdentityKind), permission=_SEE, watches=_PEOPLE, order=61),
    _through("agreed", _("Somebody agreed to"), _people_of, said_yes, "contact", "channel",
             values=_choices(ConsentChannel), permission=_SEE, order=62,
             watches=(*_PEOPLE, "customers.consent_changed"),
             help=_("What at least one person of the customer agrees to now")),
    Field("customer.unpaid_orders", "customer", _("Orders not paid in full"), "number",
          lambda: count_of(_unpaid_of(_ROW)), python=lambda row: _unpaid_of(row.pk).count(), permission=_ORDERS,
          watches=_DEALS, order=70),
    _through("products", _("Bought product"), _orders_of, _lines, "order", "product_id", values=_products,
             permission=_ORDERS, watches=_DEALS, order=71),
    _through("categories", _("Bought of category"), _orders_of, _lines, "order", "of_category",
             values=_categories, permission=_ORDERS, watches=_DEALS, order=72),
    _many("order_channels", pgettext_lazy("customer", "Ordered in"), _orders_of, "channel",
          values=_choices(OrderChannel), permission=_ORDERS, watches=_DEALS, order=73),
    Field("customer.devices", "customer", _("Number of devices"), "number", lambda: count_of(devices(_ROW)),
          python=lambda row: devices(row.pk).count(), permission=_ORDERS, watches=_DEVICES, order=74),
    _many("device_states", _("Has a device that is"), devices, "state", values=_choices(EquipmentState),
          permission=_ORDERS, watches=_DEVICES, order=75),
    Field("customer.warranty_ends", "customer", _("Next warranty ends"), "date", _warranty_ends,
          python=lambda row: _warranties(row.pk, _today()).values_list("warranty_until", flat=True).first(),
          permission=_ORDERS, watches=_DEVICES, order=76,
          moves_at=lambda: start_of_day(_warranty_ends(), 1)),
)  # fmt: skip
