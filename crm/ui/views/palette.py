"""The palette's answers, as a fragment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .. import palette
from ..access import staff_required


@staff_required
def palette_results(request: HttpRequest) -> HttpResponse:
    """GET /palette/?q=…: grouped results; the number of results is announced by the page."""
    query = request.GET.get("q", "")
    groups = palette.find(request.actor, query)  # type: ignore[attr-defined]
    count = sum(len(group.hits) for group in groups)
    return render(request, "ui/shell/_palette_results.html", {"groups": groups, "count": count, "query": query.strip()})
