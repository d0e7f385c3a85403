"""Addresses of articles: readable, unique for ever, also against those that articles once had."""

from __future__ import annotations

import re

from django.utils.text import slugify

from crm.core import names

from .models import Article, OldSlug

_LENGTH = 70


def slug_of(title: str) -> str:
    """Printer goes offline → printer-goes-offline; Chinese by pinyin. "" when nothing is left."""
    return slugify(names.sort_key(title))[:_LENGTH].strip("-")


def is_taken(slug: str, *, other_than: Article | None = None) -> bool:
    """Whether another article has the address, or once had it."""
    pk = other_than.pk if other_than else 0
    return (
        Article.all_objects.filter(slug=slug).exclude(pk=pk).exists()
        or OldSlug.objects.filter(slug=slug).exclude(article=pk).exists()
    )


def free_slug(title: str) -> str:
    """An address after the title; a number is added to one that is taken. "" leaves it to the article's number."""
    base = slug_of(title)
    if not base or re.fullmatch(r"kb-\d+", base):
        return ""
    slug, count = base, 1
    while is_taken(slug):
        count += 1
        slug = f"{base}-{count}"
    return slug
