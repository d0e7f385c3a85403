"""Who sees which articles."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet
from crm.core.text import row_id

from .choices import TextState, Visibility

#: A category without a public parent is as hidden as one that is not public itself.
_OPEN_CATEGORY = Q(category__is_public=True) & (Q(category__parent__isnull=True) | Q(category__parent__is_public=True))


def _texts(**conditions: Any) -> Exists:
    from .models import ArticleText

    return Exists(ArticleText.objects.filter(article=OuterRef("pk"), **conditions))


class CategoryQuerySet(CatalogueQuerySet):
    """Categories: all of them for staff, the public ones for everybody."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.kind in {ActorKind.GUEST, ActorKind.CONTACT}:
            return self.public()
        return super().visible_to(actor)

    def public(self) -> Self:
        return self.filter(Q(is_public=True), Q(parent__isnull=True) | Q(parent__is_public=True))


class ArticleQuerySet(BaseQuerySet):
    """Writers see all; other staff what is published; guests and customers what is published for everyone."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.kind in {ActorKind.GUEST, ActorKind.CONTACT}:
            return self.public()
        if not actor.can("knowledge.view"):
            return self.none()
        if any(actor.can(f"knowledge.{right}") for right in ("write", "review", "publish", "manage", "delete")):
            return self
        return self.published()

    def published(self) -> Self:
        """In any language, for anybody."""
        return self.filter(_texts(published_version__isnull=False))

    def public(self, language: str = "") -> Self:
        """What everybody may read, in that language or in any."""
        conditions = {"language": language} if language else {}
        return self.filter(
            _OPEN_CATEGORY, _texts(published_version__isnull=False, **conditions), visibility=Visibility.PUBLIC
        )

    def in_state(self, state: str) -> Self:
        return self.filter(_texts(state=state))

    def in_review(self) -> Self:
        return self.in_state(TextState.REVIEW)

    def matching(self, text: str) -> Self:
        """By number, or by a piece of a title in any language, pinyin included."""
        from .models import ArticleText

        folded = names.fold(text)
        number = row_id(folded.removeprefix("kb").lstrip("-"))
        if number is not None and number < 2**31:
            return self.filter(number=number)
        return self.filter(Exists(ArticleText.objects.filter(article=OuterRef("pk"), title_key__contains=folded)))


class TextQuerySet(BaseQuerySet):
    """Texts of articles: access is the article's."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Article

        return self.filter(article__in=Article.objects.visible_to(actor))

    def public(self) -> Self:
        """What everybody may read."""
        from .models import Article

        return self.filter(published_version__isnull=False, article__in=Article.objects.public())


class OfArticleQuerySet(BaseQuerySet):
    """Rows that hang on an article: whoever writes sees them, others what is on visible articles."""

    def visible_to(self, actor: Actor) -> Self:
        from .models import Article

        if not actor.is_staff and not actor.is_system:
            return self.none()
        return self.filter(article__in=Article.objects.visible_to(actor))


class MissQuerySet(BaseQuerySet):
    """What was searched in vain: for those who write."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("knowledge.write") else self.none()
