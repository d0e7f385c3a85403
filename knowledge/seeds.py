"""A shelf to begin with: an article needs a category."""

from __future__ import annotations

from crm.core.models import Brand
from crm.core.sockets import Seed, seeds

from .models import Category

_FIRST = {
    "getting-started": (10, "help", "Getting started", "入门指南", "First steps", "第一步"),
    "how-to": (20, "file", "How to", "操作指南", "Answers to common questions", "常见问题解答"),
}


def categories() -> None:
    """Adds the first categories where there is none at all."""
    if Category.objects.exists():
        return
    for slug, (order, icon, english, chinese, about_en, about_zh) in _FIRST.items():
        Category.objects.create(
            brand=Brand.default(), slug=slug, order=order, icon=icon, name={"en": english, "zh-hans": chinese},
            description={"en": about_en, "zh-hans": about_zh},
        )  # fmt: skip


seeds.register(Seed("knowledge.categories", categories, 60))
