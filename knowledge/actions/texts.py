"""Writing: an article begins, a text gets a version, a draft is kept while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.activity.models import Activity
from crm.activity.recording import kind_of, record
from crm.core import clock, names
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.text import clean_line, clean_text, excerpt

from ..addresses import free_slug
from ..choices import TextState, UseKind, Visibility
from ..exceptions import TextChanged
from ..models import Article, ArticleText, ArticleUse, Category, Draft, Version

MAX_BODY = 60_000


@action(permission="knowledge.write")
def begin_article(
    *,
    actor: Actor,
    title: str,
    body: str = "",
    category: Category,
    language: str,
    visibility: str = Visibility.INTERNAL,
    owner: User | None = None,
    made_from: models.Model | None = None,
) -> Article:
    """A new article with the first version of its source text, a draft. made_from: the record it is written from.

    Raises `Invalid` with `fields`.
    """
    _check(title, body, language)
    if visibility not in Visibility.values:
        raise Invalid(fields={"visibility": _("Choose who reads it")})
    article = Article.objects.create(
        brand=Brand.default(), category=category, language=language, visibility=visibility,
        owner_id=owner.pk if owner else actor.user_id, slug=free_slug(title),
    )  # fmt: skip
    _new_version(actor, ArticleText(article=article, language=language), title, body, "")
    if made_from is not None:
        ArticleUse.objects.create(
            article=article, kind=kind_of(made_from).code, object_id=made_from.pk, how=UseKind.MADE_FROM
        )
    tell(actor, article, "knowledge.created", language, anchors=[made_from] if made_from is not None else [])
    return article


@action(permission="knowledge.write")
def save_text(
    *,
    actor: Actor,
    article: Article,
    language: str,
    title: str,
    body: str,
    base: int,
    note: str = "",
    source_version: int | None = None,
) -> ArticleText:
    """A new version of a text, a draft until it is published; what readers see does not change.

    base: the version the author started from, 0 for a text that was not there. source_version: the version of the
    source text that a translation now renders, None to leave what was said before. The same words again make no
    version. Raises `TextChanged` when somebody saved meanwhile, `Invalid`, `NotFound`.
    """
    _check(title, body, language)
    locked = locked_article(actor, article)
    text = ArticleText.objects.lock().filter(article=locked, language=language).first()
    if (text.version if text else 0) != base:
        raise TextChanged
    text = text or ArticleText(article=locked, language=language)
    text.article = locked
    source = locked.texts.filter(language=locked.language).first()
    if language != locked.language and source is not None and source_version is not None:
        text.source_version = min(max(source_version, 0), source.version)
    _drop(actor, locked, language)
    if text.pk and (text.title, text.body) == (clean_line(title, 200), clean_text(body, MAX_BODY)):
        text.save(update_fields=["source_version"])
        return text  # type: ignore[no-any-return]
    version = _new_version(actor, text, title, body, note)
    locked.save(update_fields=["updated_at"])
    tell(actor, locked, "knowledge.saved", language, version=version.number, text=note)
    return text  # type: ignore[no-any-return]


@action(permission="knowledge.write")
def restore_version(*, actor: Actor, article: Article, language: str, number: int, base: int) -> ArticleText:
    """An older version becomes the newest again, as a draft. Raises `NotFound`, `TextChanged`."""
    old = Version.objects.filter(text__article=article, text__language=language, number=number).first()
    if old is None:
        raise NotFound
    note = _("Version %(number)s again") % {"number": number}
    return save_text(
        actor=actor, article=article, language=language, title=old.title, body=old.body, base=base, note=note
    )


@action(permission="knowledge.write")
def keep_draft(*, actor: Actor, article: Article, language: str, title: str, body: str, base: int) -> Draft:
    """Keeps what the author has typed so far, for them alone. Raises `NotFound`, `Invalid`."""
    if language not in dict(settings.LANGUAGES) or actor.user_id is None:
        raise Invalid
    if not Article.objects.visible_to(actor).filter(pk=article.pk).exists():
        raise NotFound
    draft, _is_new = Draft.objects.update_or_create(
        article=article, language=language, user_id=actor.user_id,
        defaults={
            "title": clean_line(title, 200), "body": clean_text(body, MAX_BODY), "base": base, "at": clock.now(),
        },
    )  # fmt: skip
    return draft


@action(permission="knowledge.write")
def drop_draft(*, actor: Actor, article: Article, language: str) -> None:
    """Throws away what the author has typed and not saved."""
    _drop(actor, article, language)


def _drop(actor: Actor, article: Article, language: str) -> None:
    Draft.objects.filter(article=article, language=language, user_id=actor.user_id or 0).delete()


def locked_article(actor: Actor, article: Article) -> Article:
    """The article, fresh and locked, out of the actor's set. Raises `NotFound`."""
    row = Article.objects.visible_to(actor).lock().filter(pk=article.pk).first()
    if row is None:
        raise NotFound
    return row  # type: ignore[no-any-return]


def tell(
    actor: Actor,
    article: Article,
    type: str,
    language: str = "",
    *,
    version: int = 0,
    text: str = "",
    changes: Mapping[str, Any] | None = None,
    anchors: list[models.Model] | None = None,
) -> Activity:
    """Writes the deed, under the title of the text it is about."""
    language = language or article.language
    title = ArticleText.objects.filter(article=article, language=language).values_list("title", flat=True).first()
    data: dict[str, Any] = {"number": article.label, "title": title or article.label, "language": language}
    data["version"] = version
    if text:
        data["text"] = excerpt(text, 280)
    if changes:
        data["changes"] = changes
    return record(actor=actor, type=type, subject=article, anchors=anchors or [], data=data)


def _new_version(actor: Actor, text: ArticleText, title: str, body: str, note: str) -> Version:
    text.title, text.body = clean_line(title, 200), clean_text(body, MAX_BODY)
    text.title_key = names.search_key(text.title)
    text.version += 1
    text.state, text.reviewed_by_id, text.reviewed_at = TextState.DRAFT, None, None
    text.save()
    return Version.objects.create(
        text=text, number=text.version, title=text.title, body=text.body, author_id=actor.user_id,
        note=clean_line(note, 200), at=clock.now(),
    )  # fmt: skip


def _check(title: str, body: str, language: str) -> None:
    wrong: dict[str, object] = {}
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = _("Choose a language")
    if not clean_line(title):
        wrong["title"] = _("Enter a title")
    if len(body) > MAX_BODY:
        wrong["body"] = _("The text is too long. Split it into several articles.")
    if wrong:
        raise Invalid(fields=wrong)
