"""The palette finds what search finds, by the same index, and leads on to the page with the rest."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import OperationalError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.palette import Hit, PaletteSource, palette_sources

from . import selectors
from .declarations import SearchDocument, search_documents


def source_of(declared: SearchDocument) -> PaletteSource:
    """The palette's group of one kind."""

    def search(actor: Actor, query: str, limit: int) -> list[Hit]:
        """The best hits; the last line opens the page when there are more."""
        try:
            found = selectors.find(actor, query, declared, limit=limit - 1)
        except OperationalError:
            return [_all(declared, query)]
        hits = [
            Hit(document.title, declared.url(document), declared.kind.icon, _detail(document.number, document.names),
                query=query)
            for document in found.documents
        ]  # fmt: skip
        return [*hits, _all(declared, query)] if found.has_more else hits

    return PaletteSource(f"{declared.key}s", declared.label, search, declared.permission, declared.order)


def _detail(number: str, names: object) -> str:
    first = next(iter(names), "") if isinstance(names, (list, tuple)) else ""
    return " · ".join(text for text in (number, first) if text)


def _all(declared: SearchDocument, query: str) -> Hit:
    address = urlencode({"q": query, "kind": declared.key})
    return Hit(_("All results"), f"{reverse('search:results')}?{address}", "search")


for each in search_documents:
    palette_sources.register(source_of(each), owner=search_documents.owner(each.key))
