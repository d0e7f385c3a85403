"""What customers put beside a customer and beside every record that has one, such as a ticket."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import kind_of
from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.sockets import Panel, panels
from crm.ui.generic.cells import url_of

from .choices import RiskLevel, ValueLevel
from .figures.credit_sources import credit_source
from .figures.flags import flags_of
from .figures.levels import why_risky, why_valued
from .figures.offering import numbers_of, offers_of
from .figures.wishing import Fit, fits_of, looking_for
from .lists.customers import RISK_TONES, VALUE_TONES
from .lists.trade import order_tone, state_tone
from .models import Credit, Customer, Equipment, Offer, Order, Product, ProductPair, Wish
from .segmenting.selectors import segments_of
from .selectors import concern_of, figures_of

#: The kinds of record on whose page the panels stand; those other than the customer have a `customer`.
BESIDE = ("customer", "ticket")
SHOWN = 3


def customer_of(subject: Any) -> Customer:
    """The customer a page is about."""
    return subject if isinstance(subject, Customer) else subject.customer


def now_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """What every room says of the customer at a glance, and logging a talk in two clicks. At most six queries."""
    customer = subject.customer
    may = Customer.objects.visible_to(actor).filter(pk=customer.pk).exists()
    return {
        "customer": customer,
        "flags": flags_of(actor, customer) if may else [],
        "beside": f"&beside={kind_of(subject).key}:{subject.pk}",
        "may_update": may and actor.can("customers.update"),
    }


def orders_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """The newest orders, and what was bought in all, a sum for each currency. Two queries."""
    customer = customer_of(subject)
    rows = Order.objects.visible_to(actor).filter(customer=customer)
    sums = (
        rows.counting().order_by().values("currency").annotate(paid=Sum("gross"), back=Sum("refunded"), n=Count("pk"))
    )
    found = list(sums)
    total = " + ".join(money.shown(row["paid"] - row["back"], row["currency"], several=len(found) > 1) for row in found)
    return {
        "customer": customer,
        "orders": [(order, order_tone(order)) for order in rows.order_by("-placed_at", "-pk")[:SHOWN]],
        "bought": {"count": sum(row["n"] for row in found), "total": total},
        "may_manage": actor.can("orders.manage"),
    }


def equipment_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """The customer's devices, retired ones last. One query."""
    customer, today = customer_of(subject), clock.now().date()
    rows = Equipment.objects.visible_to(actor).filter(customer=customer)
    found = sorted(rows.order_by("-pk")[:20], key=lambda device: device.state == "retired")
    return {
        "customer": customer,
        "devices": [
            (device, state_tone(device), bool(device.warranty_until and device.warranty_until >= today))
            for device in found[: SHOWN * 2]
        ],
        "may_manage": actor.can("orders.manage"),
    }


def concern_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """What the record is about. One query."""
    concern = concern_of(subject)
    things = (concern.order, concern.shipment, concern.equipment, concern.product) if concern else ()
    return {
        "concern": concern,
        "things": [(thing._meta.verbose_name, str(thing), url_of(thing)) for thing in things if thing is not None],
        "kind": kind_of(subject).key,
    }


def levels_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """Value and risk with every reason, and how much of the credit limit is used. Three queries."""
    customer = customer_of(subject)
    figures = figures_of(customer)
    credit = Credit.objects.visible_to(actor).filter(customer=customer).first()
    sees_value = bool(figures and figures.value and actor.can("orders.view"))
    return {
        "customer": customer,
        "figures": figures,
        "value_tone": VALUE_TONES[ValueLevel(figures.value)] if figures and sees_value else "",
        "why_value": why_valued(figures) if figures and sees_value else "",
        "risk": RiskLevel(figures.risk if figures else RiskLevel.NONE),
        "risk_tone": RISK_TONES[RiskLevel(figures.risk)] if figures else "neutral",
        "why_risk": why_risky(actor, figures) if figures else [],
        "credit": credit,
        "may_set": actor.can("customers.credit"),
        "may_ask": actor.can("customers.credit") and credit_source().is_on,
    }


def wants_panel(actor: Actor, subject: Any) -> dict[str, Any]:
    """What to offer and why, and what they look for with what fits. Four queries."""
    customer = customer_of(subject)
    wishes = Wish.objects.visible_to(actor).open().filter(customer=customer).order_by("-created_at", "-pk")[:SHOWN]
    fits: dict[int, list[Fit]] = {}
    for fit in fits_of(actor, customer):
        fits.setdefault(fit.wish.pk, []).append(fit)
    return {
        "customer": customer,
        "offers": offers_of(actor, customer),
        "wishes": [(wish, fits.get(wish.pk, [])) for wish in wishes],
        "may_update": actor.can("customers.update"),
    }


def demand_panel(actor: Actor, product: Product) -> dict[str, Any]:
    """Who is looking for such a product, to how many it is to be offered, and what goes with it. Five queries."""
    pairs = ProductPair.objects.filter(bought=product).select_related("offered").order_by("-kind", "-confidence")
    return {
        "product": product,
        "wanted": looking_for(actor, product, SHOWN * 2),
        "to_offer": Offer.objects.visible_to(actor).standing().filter(product=product).count(),
        "pairs": [(pair, numbers_of(pair)) for pair in pairs[:SHOWN]],
    }


panels.register(
    Panel(
        "customers.demand", "product", _("Demand"), "customers/panels/_demand.html", demand_panel, "orders.view",
        order=20, queries=6,
    )
)  # fmt: skip

for on in BESIDE:
    panels.register(
        Panel(
            f"customers.levels_{on}", on, _("Value and risk"), "customers/panels/_levels.html", levels_panel,
            "customers.view", order=52, queries=4,
        ),
        Panel(
            f"customers.wants_{on}", on, _("Offers and wishes"), "customers/panels/_wants.html", wants_panel,
            "customers.view", order=55, queries=5,
        ),
        Panel(
            f"customers.orders_{on}", on, _("Orders"), "customers/panels/_orders.html", orders_panel, "orders.view",
            order=60, queries=4,
        ),
        Panel(
            f"customers.equipment_{on}", on, _("Equipment"), "customers/panels/_equipment.html", equipment_panel,
            "orders.view", order=70, queries=3,
        ),
    )  # fmt: skip

panels.register(
    Panel(
        "customers.now_ticket", "ticket", _("Customer now"), "customers/panels/_now.html", now_panel, "customers.view",
        order=3, queries=8,
    ),
    Panel(
        "customers.about_ticket", "ticket", _("What it is about"), "customers/panels/_about.html", concern_panel,
        "orders.view", order=15, queries=2,
    )
)  # fmt: skip


def segments_panel(actor: Actor, customer: Customer) -> dict[str, Any]:
    """The segments it is in now that the actor may see. One query."""
    return {"stays": segments_of(actor, customer), "customer": customer}


panels.register(
    Panel(
        "customers.segments", "customer", _("Segments"), "customers/panels/_segments.html", segments_panel,
        "segments.view", order=90, queries=2,
    )
)  # fmt: skip
