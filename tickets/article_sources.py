"""An article from a solved ticket: the question as its title, what the customer wrote and what solved it below."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from crm.core.actor import Actor
from knowledge.markdown import text_as_markdown
from knowledge.prefill import ArticleSource, Beginning, article_sources

from .articles import words_of
from .models import Ticket


def begin(actor: Actor, pk: int) -> Beginning | None:
    """The beginning of an article, in the ticket's language. Names and addresses are for the author to leave out."""
    ticket = Ticket.objects.visible_to(actor).filter(pk=pk).first()
    if ticket is None:
        return None
    said = words_of(ticket).removeprefix(ticket.subject).strip()
    with translation.override(ticket.language):
        body = "\n\n".join(
            [
                "## " + _("What happens"),
                text_as_markdown(said),
                "## " + _("What helps"),
                text_as_markdown(ticket.solution) or "1. " + _("First step"),
            ]
        )
    return Beginning(ticket, ticket.subject, body, ticket.language)


article_sources.register(ArticleSource("ticket", begin))
