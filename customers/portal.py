"""What customers itself shows in the portal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor

from .lists.trade import order_tone
from .models import Order
from .portals.sections import PortalSection, portal_sections

SHOWN = 3


def latest_orders(actor: Actor) -> dict[str, Any] | None:
    """The newest orders; nothing for who bought nothing."""
    rows = Order.objects.visible_to(actor).order_by("-placed_at", "-pk")[:SHOWN]
    orders = [(order, order_tone(order)) for order in rows]
    return {"orders": orders} if orders else None


portal_sections.register(
    PortalSection("home", _("Overview"), "home", "portal:home", order=0),
    PortalSection(
        "orders", _("Orders"), "order", "portal:order_list", order=30, block=latest_orders, place="side",
        template="customers/portal/partials/_orders.html",
    ),
    PortalSection("equipment", _("Equipment"), "tool", "portal:equipment_list", order=40),
    PortalSection("profile", _("Profile"), "person", "portal:profile", order=90),
)  # fmt: skip
