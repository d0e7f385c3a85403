"""What the knowledge base shows in the customer portal: the help centre, with what is read most."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from customers.portals.sections import PortalSection, portal_sections

from .selectors import popular

SHOWN = 4


def articles(actor: Actor) -> dict[str, Any] | None:
    """The articles that are read most, in the reader's language; nothing where there are none. One query."""
    texts = popular(get_language() or "en", limit=SHOWN)
    return {"texts": texts} if texts else None


portal_sections.register(
    PortalSection(
        "articles", _("Articles"), "article", "articles:search", order=50, block=articles, place="side",
        template="knowledge/portal/_articles.html",
    )
)  # fmt: skip
