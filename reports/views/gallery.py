"""The gallery of reports, and each of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.core import names
from crm.core.gallery import GROUPS, reports_for
from crm.ui.views.generic.base import StaffView

from ..board import Board
from ..gallery.asking import asked
from ..gallery.cards import ReportCard, card_of, cards_for
from ..models import Dashboard
from ..periods import LABELS
from .board import drawn, file_response, fragment


class GalleryView(StaffView):
    """GET /reports/gallery/?q=: every report that the reader may read, by what it is about."""

    permission = "reports.view"
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        wanted = names.fold(text)
        groups: dict[str, list[ReportCard]] = {}
        for report in reports_for(self.actor):
            card = ReportCard(report)
            if wanted in names.fold(f"{card.question} {card.definition}"):
                groups.setdefault(report.group, []).append(card)
        found = [(GROUPS[group], cards) for group, cards in groups.items()]
        return render(request, "reports/gallery.html", {"groups": found, "q": text})


class ReportPart(StaffView):
    """Anything about one report."""

    permission = "reports.view"

    def card(self) -> ReportCard:
        """The report of this address. Raises `NoSuchReport`."""
        return card_of(self.actor, self.kwargs["key"])

    def board(self) -> Board:
        return asked(self.request.GET, self.actor)


class ReportView(ReportPart):
    """GET /reports/gallery/<key>/: the report, as a page or as a fragment for a dashboard."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        card, board = self.card(), self.board()
        html = drawn(request, board, card)
        if self.is_fragment:
            return fragment(request, board, html)
        others = [other for other in cards_for(self.actor) if other.report.group == card.report.group]
        context: dict[str, Any] = {
            "board": board, "card": card, "html": html, "others": others, "periods": LABELS.items(),
            "measures": card.report.wanted,
            "dashboards": list(Dashboard.objects.editable_by(self.actor)[:30]),
        }  # fmt: skip
        return render(request, "reports/report.html", context)


class ReportExportView(ReportPart):
    """POST /reports/gallery/<key>/export/?<question>[&format=xlsx]: its table as CSV or workbook."""

    http_method_names = ("post",)
    permission = "reports.export"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        self.actor.require("reports.view")
        return file_response(self.actor, self.board(), self.card(), request.GET.get("format", "csv"))
