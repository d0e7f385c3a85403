"""What the knowledge base gives the desk: articles for a ticket, as links to write into a reply; and what readers of
the ticket form had read before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from crm.core import switches
from crm.core.actor import Actor
from crm.messaging.models import Message
from knowledge import finding, selectors
from knowledge.actions import count_reading, note_use
from knowledge.choices import UseKind, Visibility
from knowledge.models import Article, ArticleText

from .models import Ticket

#: Articles beside a ticket and behind `??`, and how many a form may remember.
SHOWN, REMEMBERED = 5, 10


def is_on() -> bool:
    """Whether the company uses the knowledge base."""
    return "knowledge" not in switches.off()


def words_of(ticket: Ticket) -> str:
    """What the ticket is about in the customer's words: its subject and what they wrote last."""
    said = Message.objects.filter(conversation=ticket.conversation_id, direction="inbound").order_by("-created_at")
    latest = said.values_list("body", flat=True).first() or ""
    return f"{ticket.subject} {latest[:400]}"


def suggested(actor: Actor, ticket: Ticket) -> list[ArticleText]:
    """Published texts that may answer the ticket, internal ones included: in its language, else in another."""
    words = words_of(ticket)
    return [hit.text for hit in _in_language_first(actor, words, ticket.language)]


def offered(actor: Actor, ticket: Ticket, query: str) -> list[ArticleText]:
    """What `??` offers: articles everybody may read, by words, or those for this ticket while none are typed."""
    if not query.strip():
        return [text for text in suggested(actor, ticket) if is_for_customers(text)]
    found = finding.search(Actor.guest(), query, ticket.language, limit=SHOWN * 2).hits
    if not found:
        found = finding.search(Actor.guest(), query, "", limit=SHOWN * 2).hits
    return [hit.text for hit in found]


def is_for_customers(text: ArticleText) -> bool:
    """Whether a customer can open it."""
    return text.article.visibility == Visibility.PUBLIC and text.article.category.is_open


def link_to(ticket: Ticket, text: ArticleText) -> str:
    """The line a reply gets: title and address, in the language of the text."""
    title = text.published_version.title if text.published_version else text.title
    return f"{title}: {ticket.brand.base_url}{text.article.public_url}?lang={text.language}"


def note_read_before(ticket: Ticket, slugs: Sequence[str]) -> None:
    """Keeps what was read before the ticket was sent, and counts that it did not save the ticket."""
    articles = list({row.pk: row for row in selectors.articles_by_slug(slugs[:REMEMBERED]).values()}.values())
    note_use(actor=Actor.guest(), articles=articles, kind="ticket", object_id=ticket.pk, how=UseKind.READ_BEFORE)
    for article in articles:
        language = ticket.language if article.texts.filter(language=ticket.language).exists() else article.language
        count_reading(actor=Actor.guest(), article=article, language=language, counter="sent")


def note_sent(ticket: Ticket, body: str) -> None:
    """Ties the articles whose addresses stand in a reply to the ticket. Safe to run twice."""
    found = selectors.articles_by_slug(selectors.slugs_in(body))
    articles: list[Article] = list({row.pk: row for row in found.values()}.values())
    note_use(actor=Actor.system(), articles=articles, kind="ticket", object_id=ticket.pk, how=UseKind.SENT)


def _in_language_first(actor: Actor, words: str, language: str) -> Sequence[Any]:
    """Hits in that language, then in the others, as many as are shown."""
    found = list(finding.suggest(actor, words, language, limit=SHOWN))
    for code, _name in settings.LANGUAGES:
        if code != language and not found:
            found = list(finding.suggest(actor, words, code, limit=SHOWN))
    return found
