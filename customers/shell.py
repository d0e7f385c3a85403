"""Customers in the command palette."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.palette import Hit, PaletteSource, palette_sources

from .models import Customer


def jump(actor: Actor, query: str, limit: int) -> list[Hit]:
    """Customers by name, pinyin, initials, number, mail or phone tail."""
    if not query.strip():
        return []
    rows = Customer.objects.visible_to(actor).matching(query).order_by("sort_key")
    return [
        Hit(row.name, reverse("customers:customer_detail", args=[row.number]), "customer", row.label, query=query)
        for row in rows[:limit]
    ]


palette_sources.register(PaletteSource("customers", _("Customers"), jump, "customers.view", 20))
