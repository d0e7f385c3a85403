"""A declared report as a card, for the gallery, dashboards and mails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crm.core.actor import Actor
from crm.core.gallery import Report, reports, reports_for

from ..board import Board
from ..cards.base import Content
from ..exceptions import NoSuchReport
from .build import build_funnel, build_matrix, build_parts, build_time, build_totals


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What templates and views need of a report; it looks like a card of the board."""

    report: Report
    place: str = "wide"
    size: str = ""

    @property
    def key(self) -> str:
        return self.report.key

    @property
    def question(self) -> Any:
        return self.report.question

    @property
    def has_tiles(self) -> bool:
        return False

    @property
    def url(self) -> str:
        """Its page, and its fragment."""
        return reverse("reports:report", args=[self.key])

    @property
    def export_url(self) -> str:
        return reverse("reports:report_export", args=[self.key])

    @property
    def definition(self) -> Any:
        """How the first figure counts."""
        return self.report.definition or (self.report.wanted[0].definition if self.report.measures else "")

    def build(self, board: Board) -> Content:
        """The answer, for the viewer of the board. At most 25 queries."""
        return _builder(self.report)(self.report, board)


def _builder(report: Report) -> Callable[[Report, Board], Content]:
    if report.is_funnel:
        return build_funnel
    if not report.by:
        return build_totals
    if report.across:
        return build_matrix
    return build_time if report.by == "time" else build_parts


def card_of(viewer: Actor, key: str) -> ReportCard:
    """The card of a report that the viewer may read.

    Raises `NoSuchReport` for one that does not exist, is answered by a page of its own, or may not be read.
    """
    report = reports.offered(key)
    if report is None or not report.measures or not report.is_offered() or not report.is_open_to(viewer):
        raise NoSuchReport
    return ReportCard(report)


def cards_for(viewer: Actor) -> list[ReportCard]:
    """Every report with measures that the viewer may read, in the order of the gallery."""
    return [ReportCard(report) for report in reports_for(viewer) if report.measures]
