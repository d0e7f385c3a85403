"""Blocks and words to fill in that come from customers: products, people, companies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.blocks.declarations import BlockType, MergeField, block_types, merge_fields
from crm.blocks.values import Choice, Record, Words
from crm.core.money import shown

from .models import Product


def _offered() -> Any:
    return Product.objects.active().order_by("sort_key", "pk")


def _prepare(values: dict[str, Any], language: str) -> dict[str, Any] | None:
    """The product as it is sold today; one that is no longer sold leaves the block out."""
    product = _offered().filter(pk=values["product"] or 0).first()
    if product is None:
        return None
    return {
        **values, "name": product.name.in_language(language), "code": product.code,
        "unit": product.unit.in_language(language),
        "price": shown(product.price, product.currency) if values["show"] == "price" else "",
    }  # fmt: skip


block_types.register(
    BlockType(
        "product", _("Product"), "product",
        [Record("product", _("Product"), kind="product", rows=_offered),
         Words("text", _("What to say about it"), limit=600, multiline=True, required=False),
         Choice("show", _("Price"), choices=(("price", _("Shown")), ("none", _("Not shown"))))],
        "customers/blocks/product.html", "mail/blocks/product.html",
        lambda v: [" · ".join(filter(None, (v["name"], v["price"], v["text"])))], _prepare, order=40,
    ),
)  # fmt: skip

merge_fields.register(
    MergeField("contact.name", _("Name of the person"), _("Chen Li"), lambda contact: contact.name, order=10),
    MergeField("contact.job_title", _("Job title"), _("Purchasing manager"), lambda row: row.job_title, order=20),
    MergeField("customer.name", _("Name of the company"), _("Harbour Foods"), lambda customer: customer.name, order=30),
)
