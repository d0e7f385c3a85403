"""The results page: /search/?q=&kind=&since=&page="""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.core import clock
from crm.core.actor import Actor
from crm.core.text import clean_line
from crm.ui.access import staff_required

from . import selectors, snippets, words
from .declarations import Document, SearchDocument

logger = logging.getLogger(__name__)

#: Hits of each kind side by side, and on a page of one kind.
OF_EACH, OF_ONE = 5, 20
_LAST_PAGE = selectors.NEWEST // OF_ONE
SINCE = {"7": _("Last 7 days"), "30": _("Last 30 days"), "365": _("Last 12 months")}


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind to look at; the first holds all."""

    key: str
    label: Any
    url: str
    is_current: bool
    count: None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is shown."""

    document: Document
    url: str
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Section:
    """The hits of one kind. found is None when the search took too long."""

    declared: SearchDocument
    lines: list[Line]
    found: selectors.Found | None


@staff_required
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    query = clean_line(request.GET.get("q", ""), words.QUERY_CHARS)
    kinds = selectors.kinds_for(viewer)
    only = next((declared for declared in kinds if declared.key == request.GET.get("kind")), None)
    since = request.GET.get("since", "")
    since = since if since in SINCE else ""
    page = _page(request) if only else 1
    sections = [_section(viewer, query, declared, since, page, only) for declared in ([only] if only else kinds)]
    shown = [section for section in sections if section.lines or section.found is None]
    context = {
        "query": query,
        "has_query": bool(words.parse(query)),
        "tabs": _tabs(request, kinds, only),
        "only": only,
        "since": since,
        "since_choices": list(SINCE.items()),
        "sections": shown,
        "count": sum(len(section.lines) for section in shown),
        "page": page,
        "may_search": bool(kinds),
    }
    return render(request, "search/results.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(_LAST_PAGE, max(1, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _section(
    viewer: Actor, query: str, declared: SearchDocument, since: str, page: int, only: SearchDocument | None
) -> Section:
    start = clock.now() - dt.timedelta(days=int(since)) if since else None
    try:
        found = selectors.find(viewer, query, declared, limit=OF_ONE if only else OF_EACH, page=page, since=start)
    except OperationalError:
        logger.warning("a search of %s was given up", declared.key, exc_info=True)
        return Section(declared, [], None)
    marks = snippets.pattern(query)
    lines = [
        Line(document, declared.url(document), snippets.title(document, query, marks),
             snippets.snippet(document, marks))
        for document in found.documents
    ]  # fmt: skip
    return Section(declared, lines, found)


def _tabs(request: HttpRequest, kinds: list[SearchDocument], only: SearchDocument | None) -> list[Tab]:
    def address(key: str) -> str:
        values = request.GET.copy()
        values.pop("page", None)
        values.pop("kind", None)
        if key:
            values["kind"] = key
        return f"?{values.urlencode()}"

    tabs = [Tab("", _("All"), address(""), only is None)]
    return tabs + [Tab(d.key, d.label, address(d.key), only is not None and only.key == d.key) for d in kinds]
