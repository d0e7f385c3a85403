"""From draft to readers: review, publication now or at a time, and back."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from crm.accounts.access import actor_for
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound

from ..choices import TextState
from ..exceptions import NothingToPublish, NotPublished, TextChanged
from ..finding import NO_KEYS, keys_of
from ..models import Article, ArticleText, Version
from .texts import locked_article, tell


@action(permission="knowledge.write")
def ask_review(*, actor: Actor, article: Article, language: str, note: str = "") -> ArticleText:
    """Asks colleagues to look at the latest version. Asking twice changes nothing. Raises `NothingToPublish`."""
    text = _locked(actor, article, language)
    _must_have_words(text)
    if text.state != TextState.REVIEW:
        text.state = TextState.REVIEW
        text.save(update_fields=["state"])
        tell(actor, text.article, "knowledge.review_asked", language, version=text.version, text=note)
    return text


@action(permission="knowledge.review")
def approve_text(*, actor: Actor, article: Article, language: str, version: int) -> ArticleText:
    """Agrees to that version, which waits in review. Raises `TextChanged`."""
    text = _locked(actor, article, language)
    _must_be(text, version)
    text.state = TextState.REVIEW
    text.reviewed_by_id, text.reviewed_at = actor.user_id, clock.now()
    text.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    tell(actor, text.article, "knowledge.approved", language, version=version)
    return text


@action(permission="knowledge.review")
def send_back(*, actor: Actor, article: Article, language: str, note: str) -> ArticleText:
    """Gives a text back to its author, saying why. Raises `Invalid` without a reason."""
    if not note.strip():
        raise Invalid(fields={"note": _("Say what is missing")})
    text = _locked(actor, article, language)
    text.state, text.reviewed_by_id, text.reviewed_at = TextState.DRAFT, None, None
    text.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    tell(actor, text.article, "knowledge.sent_back", language, version=text.version, text=note)
    return text


@action(permission="knowledge.publish")
def publish_text(*, actor: Actor, article: Article, language: str, version: int) -> ArticleText:
    """Shows that version to readers from now on; it must be the latest. Publishing it again changes nothing.

    Raises `TextChanged` when somebody saved a newer one meanwhile, `NothingToPublish`.
    """
    text = _locked(actor, article, language)
    _must_be(text, version)
    _must_have_words(text)
    row = Version.objects.get(text=text, number=version)
    if text.published_version_id == row.pk and text.state == TextState.PUBLISHED:
        return text
    _show(text, row)
    tell(actor, text.article, "knowledge.published", language, version=version)
    return text


@action(permission="knowledge.publish")
def schedule_text(*, actor: Actor, article: Article, language: str, version: int, at: dt.datetime) -> ArticleText:
    """Publishes that version at a time to come. Raises `Invalid` for one that has passed, `TextChanged`."""
    text = _locked(actor, article, language)
    _must_be(text, version)
    _must_have_words(text)
    if at <= clock.now():
        raise Invalid(fields={"at": _("Choose a time to come")})
    text.scheduled_version, text.publish_at = Version.objects.get(text=text, number=version), at
    text.scheduled_by_id = actor.user_id
    text.save(update_fields=["scheduled_version", "publish_at", "scheduled_by"])
    tell(actor, text.article, "knowledge.scheduled", language, version=version)
    return text


@action(permission="knowledge.publish")
def drop_schedule(*, actor: Actor, article: Article, language: str) -> ArticleText:
    """Forgets a planned publication; without one nothing happens."""
    text = _locked(actor, article, language)
    if text.publish_at is not None:
        text.scheduled_version, text.publish_at, text.scheduled_by_id = None, None, None
        text.save(update_fields=["scheduled_version", "publish_at", "scheduled_by"])
        tell(actor, text.article, "knowledge.schedule_dropped", language)
    return text


@action(permission="knowledge.publish")
def unpublish_text(*, actor: Actor, article: Article, language: str) -> ArticleText:
    """Readers no longer find it; every version stays. Raises `NotPublished`."""
    text = _locked(actor, article, language)
    if not text.is_live:
        raise NotPublished
    text.published_version, text.published_at, text.state = None, None, TextState.DRAFT
    for name, value in NO_KEYS.items():
        setattr(text, name, value)
    text.save()
    tell(actor, text.article, "knowledge.unpublished", language)
    return text


@action()
def publish_due(*, actor: Actor, limit: int = 50) -> int:
    """Publishes what was planned until now, each version once, within the rights of whoever planned it.

    Where they may no longer publish, or the article is deleted, the plan is dropped. Returns how many were settled.
    """
    due = ArticleText.objects.filter(publish_at__lte=clock.database_now()).order_by("publish_at")
    rows = list(
        due.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related(
            "article", "scheduled_by", "scheduled_version"
        )[:limit]
    )
    for text in rows:
        author = actor_for(text.scheduled_by) if text.scheduled_by and text.scheduled_by.is_active else None
        version: Version = text.scheduled_version
        if author is None or not author.can("knowledge.publish") or text.article.deleted_at is not None:
            text.scheduled_version, text.publish_at, text.scheduled_by_id = None, None, None
            text.save(update_fields=["scheduled_version", "publish_at", "scheduled_by"])
            continue
        _show(text, version)
        tell(author, text.article, "knowledge.published", text.language, version=version.number)
    return len(rows)


def _show(text: ArticleText, version: Version) -> None:
    """That version is what readers see and find."""
    text.published_version, text.published_at = version, clock.now()
    if version.number == text.version:
        text.state = TextState.PUBLISHED
    text.scheduled_version, text.publish_at, text.scheduled_by_id = None, None, None
    for name, value in keys_of(version.title, version.body).items():
        setattr(text, name, value)
    text.save()


def _locked(actor: Actor, article: Article, language: str) -> ArticleText:
    """The text, locked after its article. Raises `NotFound`."""
    row = locked_article(actor, article)
    text: ArticleText | None = ArticleText.objects.lock().filter(article=row, language=language).first()
    if text is None:
        raise NotFound
    text.article = row
    return text


def _must_be(text: ArticleText, version: int) -> None:
    if text.version != version:
        raise TextChanged


def _must_have_words(text: ArticleText) -> None:
    if not text.title or not text.body:
        raise NothingToPublish
