"""Articles in legal states, made by the verbs."""

from __future__ import annotations

import itertools
from typing import Any

from crm.core.actor import Actor
from crm.core.models import Brand
from knowledge.actions import begin_article, publish_text, save_text
from knowledge.models import Article, Category

_numbers = itertools.count(1)
SYSTEM = Actor.system()


def make_category(**values: Any) -> Category:
    number = next(_numbers)
    values = {"slug": f"shelf-{number}", "name": {"en": f"Shelf {number}", "zh-hans": f"分类 {number}"}, **values}
    return Category.objects.create(brand=Brand.default(), **values)


def make_article(
    title: str = "",
    body: str = "Some words.",
    *,
    chinese: tuple[str, str] | None = None,
    publish: bool = False,
    **values: Any,
) -> Article:
    """A draft, or published in every language it has."""
    values = {"visibility": "public", "language": "en", "actor": SYSTEM, **values}
    category = values.pop("category", None) or make_category()
    article = begin_article(title=title or f"Article {next(_numbers)}", body=body, category=category, **values)
    if chinese is not None:
        save_text(
            actor=SYSTEM, article=article, language="zh-hans", title=chinese[0], body=chinese[1], base=0,
            source_version=1,
        )  # fmt: skip
    if publish:
        for text in article.texts.all():
            publish_text(actor=SYSTEM, article=article, language=text.language, version=text.version)
    return article
