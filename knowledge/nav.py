from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import NavItem, nav

from .models import Article, SearchMiss


def in_review(actor: Actor) -> int | None:
    """How many articles wait for a reviewer; counted for those who may review."""
    if not actor.can("knowledge.review"):
        return None
    return Article.objects.in_review()[:99].count() or None


def misses(actor: Actor) -> int | None:
    """How many searches found nothing and wait for an editor; up to 99."""
    return SearchMiss.objects.filter(settled_at__isnull=True)[:99].count() or None


nav.register(
    NavItem("articles", "knowledge", _("Articles"), "article", "knowledge:article_list", "knowledge.view", 10,
            in_review),
    NavItem("misses", "knowledge", _("Missed searches"), "search", "knowledge:miss_list", "knowledge.write",
            20, misses, under="articles"),
    NavItem("categories", "knowledge", _("Categories"), "category", "knowledge:category_list", "knowledge.manage",
            30, under="articles"),
)  # fmt: skip
