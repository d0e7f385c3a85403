"""What readers tell us: a view, a verdict, a search in vain. Nobody is known by it who is not signed in."""

from __future__ import annotations

import random
from typing import Literal

from django.db.models import F
from django.utils import timezone

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor, ActorKind
from crm.core.errors import Invalid
from crm.core.sockets import kinds
from crm.core.text import clean_line, clean_text

from ..choices import Reason, Source, UseKind
from ..finding import folded_miss
from ..models import Article, ArticleDay, ArticleRead, ArticleUse, Feedback, SearchMiss
from ..models.reading import SLOTS
from ..selectors import is_disliked
from .texts import tell

Counter = Literal["views", "from_form", "stuck", "sent"]
#: Open misses that are kept; when there are more, only known ones are counted on.
MAX_MISSES = 5000


@action()
def count_reading(*, actor: Actor, article: Article, language: str, counter: Counter, times: int = 1) -> None:
    """Adds to the day's count of one article, in one of a few rows, so that readers do not wait for each other."""
    brand_day = timezone.localdate(clock.now())
    slot = {
        "article": article, "language": language, "day": brand_day, "slot": random.randrange(SLOTS),
    }  # fmt: skip
    if not ArticleDay.objects.filter(**slot).update(**{counter: F(counter) + times}):
        ArticleDay.objects.bulk_create([ArticleDay(**slot)], ignore_conflicts=True)
        ArticleDay.objects.filter(**slot).update(**{counter: F(counter) + times})


@action()
def note_read(*, actor: Actor, article: Article, language: str) -> None:
    """Keeps that a contact who is signed in to the portal read an article, one row for each. Others leave no trace."""
    if actor.kind != ActorKind.CONTACT or actor.id is None:
        return
    now = clock.now()
    known = ArticleRead.objects.filter(contact=actor.id, article=article)
    if not known.update(times=F("times") + 1, last_at=now, language=language):
        row = ArticleRead(contact_id=actor.id, article=article, language=language, first_at=now, last_at=now)
        ArticleRead.objects.bulk_create([row], ignore_conflicts=True)


@action()
def give_feedback(
    *,
    actor: Actor,
    article: Article,
    language: str,
    helpful: bool,
    reason: str = "",
    comment: str = "",
    source: str = Source.HELP,
) -> Feedback:
    """Keeps a verdict on what is published. The third "no" in a row of thirty days tells the owner, once.

    Raises `Invalid`.
    """
    if reason and reason not in Reason.values:
        raise Invalid
    text = article.texts.filter(language=language).select_related("published_version").first()
    verdict = Feedback.objects.create(
        article=article, language=language, helpful=helpful, reason="" if helpful else reason,
        comment=clean_text(comment, 1000), source=source,
        version=text.published_version.number if text and text.published_version else 0,
    )  # fmt: skip
    if not helpful and is_disliked(article):
        tell(actor, article, "knowledge.disliked", language, text=verdict.comment)
    return verdict


@action()
def note_miss(*, actor: Actor, query: str, language: str) -> None:
    """Counts a search that found nothing, for the editors. What may tell who asked is not kept."""
    folded = clean_line(folded_miss(query), 100)
    if not folded:
        return
    known = SearchMiss.objects.filter(query=folded, language=language)
    if known.update(count=F("count") + 1, last_at=clock.now()):
        return
    if SearchMiss.objects.filter(settled_at__isnull=True).count() < MAX_MISSES:
        SearchMiss.objects.bulk_create([SearchMiss(query=folded, language=language)], ignore_conflicts=True)


@action(permission="knowledge.write")
def settle_miss(*, actor: Actor, miss: SearchMiss, article: Article | None = None) -> SearchMiss:
    """Takes a search off the list: an article was written about it, or none is needed."""
    row: SearchMiss = SearchMiss.objects.lock().get(pk=miss.pk)
    row.settled_at, row.article = clock.now(), article
    row.save(update_fields=["settled_at", "article"])
    record(actor=actor, type="knowledge.miss_settled", subject=row, data={"title": row.query})
    return row


@action()
def note_use(*, actor: Actor, articles: list[Article], kind: str, object_id: int, how: str) -> None:
    """Ties articles to a record of an upper app, once each. kind: key of its `Kind`; how: a `UseKind`."""
    ArticleUse.objects.bulk_create(
        [
            ArticleUse(article=article, kind=kinds[kind].code, object_id=object_id, how=UseKind(how))
            for article in articles
        ],
        ignore_conflicts=True,
    )
