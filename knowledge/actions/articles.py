"""What an article is besides its texts, and its way into the recycle bin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers, told
from crm.files.models import Attachment
from crm.notifications.models import Notification

from ..addresses import is_taken
from ..choices import Visibility
from ..models import Article, OldSlug
from ..selectors import deleted_articles
from .texts import locked_article, tell

CHANGEABLE = frozenset({"category", "visibility", "owner", "slug", "language"})


@action(permission="knowledge.write")
def update_article(*, actor: Actor, article: Article, values: Mapping[str, Any]) -> Article:
    """Changes any of `CHANGEABLE`, and answers to custom fields.

    Who reads a published article is for those who may publish. A new slug keeps the old address alive. Raises
    `Invalid`, `NotAllowed`, `NotFound`.
    """
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    if set(facts) - CHANGEABLE:
        raise Invalid
    row = locked_article(actor, article)
    if _changes_readers(row, facts):
        actor.require("knowledge.publish")
    before = {name: getattr(row, name) for name in CHANGEABLE}
    for name, value in facts.items():
        setattr(row, name, value)
    _check(row)
    answered = store_answers(row, custom_values(values))
    if row.slug != before["slug"]:
        OldSlug.objects.filter(slug=row.slug, article=row).delete()
        OldSlug.objects.get_or_create(slug=before["slug"], defaults={"article": row})
    if answered or any(getattr(row, name) != old for name, old in before.items()):
        row.save()
        _share_files(row)
        tell(actor, row, "knowledge.updated", changes=told(answered))
    return row


def _changes_readers(row: Article, values: Mapping[str, Any]) -> bool:
    """Whether somebody would begin, or cease, to read a published text."""
    if not row.texts.filter(published_version__isnull=False).exists():
        return False
    category = values.get("category", row.category)
    return values.get("visibility", row.visibility) != row.visibility or category.is_open != row.category.is_open


@action(permission="knowledge.write")
def check_article(*, actor: Actor, article: Article) -> Article:
    """Says that the article is still right; it is not stale for another year."""
    row = locked_article(actor, article)
    row.checked_at = clock.now()
    row.save(update_fields=["checked_at"])
    tell(actor, row, "knowledge.checked")
    return row


@action(permission="knowledge.delete")
def delete_article(*, actor: Actor, article: Article) -> None:
    """Puts an article into the recycle bin; readers no longer find it, planned publications are dropped."""
    row = locked_article(actor, article)
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    row.texts.filter(publish_at__isnull=False).update(publish_at=None, scheduled_version=None, scheduled_by=None)
    tell(actor, row, "knowledge.deleted")


@action(permission="knowledge.delete")
def restore_article(*, actor: Actor, article: Article) -> Article:
    """Brings an article back as it was, published texts included. Raises `NotFound`."""
    row = _binned(actor, article)
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    tell(actor, row, "knowledge.restored")
    return row


@action(permission="knowledge.delete")
def erase_article(*, actor: Actor, article: Article) -> None:
    """Removes an article of the bin for good, with versions, verdicts and counts. Raises `NotFound`."""
    row = _binned(actor, article)
    tell(actor, row, "knowledge.erased")
    code = kind_of(row).code
    Notification.objects.filter(subject_kind=code, object_id=row.pk).delete()
    Attachment.objects.on("article", row.pk).update(deleted_at=clock.now(), deleted_by_id=actor.user_id)
    row.texts.update(published_version=None, scheduled_version=None, publish_at=None)
    row.delete()


def _binned(actor: Actor, article: Article) -> Article:
    row: Article | None = deleted_articles(actor).lock().filter(pk=article.pk).first()
    if row is None:
        raise NotFound
    return row


def _share_files(article: Article) -> None:
    """Files are as public as their article says."""
    visibility = "public" if article.visibility == Visibility.PUBLIC else "internal"
    Attachment.objects.on("article", article.pk).exclude(visibility=visibility).update(visibility=visibility)


def _check(article: Article) -> None:
    wrong: dict[str, object] = {}
    if article.visibility not in Visibility.values:
        wrong["visibility"] = _("Choose who reads it")
    if not article.slug or slugify(article.slug) != article.slug:
        wrong["slug"] = _("Use small letters, digits and hyphens")
    elif is_taken(article.slug, other_than=article):
        wrong["slug"] = _("Another article has this address, or once had it")
    if not article.texts.filter(language=article.language).exists():
        wrong["language"] = _("Write the text in this language first")
    if wrong:
        raise Invalid(fields=wrong)
