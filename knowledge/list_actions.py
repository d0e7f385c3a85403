"""What can be done with many articles at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction, bulk_actions

from . import actions
from .exceptions import NothingToPublish, NotPublished
from .forms import MoveForm
from .models import Article


def _publish(actor: Actor, article: Article, values: dict[str, Any]) -> None:
    """Every language that has a text."""
    written = [text for text in article.texts.all() if text.title and text.body]
    if not written:
        raise NothingToPublish
    for text in written:
        actions.publish_text(actor=actor, article=article, language=text.language, version=text.version)


def _unpublish(actor: Actor, article: Article, values: dict[str, Any]) -> None:
    live = [text for text in article.texts.all() if text.is_live]
    if not live:
        raise NotPublished
    for text in live:
        actions.unpublish_text(actor=actor, article=article, language=text.language)


def _move(actor: Actor, article: Article, values: dict[str, Any]) -> None:
    actions.update_article(actor=actor, article=article, values={"category": values["category"]})


bulk_actions.register(
    BulkAction("publish", "article", _("Publish"), _publish, "open", "knowledge.publish", order=10),
    BulkAction("unpublish", "article", _("Take back"), _unpublish, "hide", "knowledge.publish", order=20),
    BulkAction("move", "article", _("Move to a category"), _move, "category", "knowledge.write", MoveForm, order=30),
)
