"""Every report of the gallery: its parts and steps open their records and add up, and few questions draw it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from crm.accounts.access import actor_for
from crm.core import metrics
from crm.core.gallery import reports
from crm.core.metrics import Unit
from reports.board import Board
from reports.gallery.asking import asked
from reports.gallery.cards import ReportCard
from reports.gallery.steps import by_step
from reports.periods import Period

from .builders import SHANGHAI
from .reconciling import listed
from .world import SPAN, World

pytestmark = pytest.mark.django_db


def test_parts_and_steps_of_a_figure_open_their_records_and_add_up(world: World) -> None:
    viewer = actor_for(world.people["wide"])
    board = Board(viewer, Period("custom", dt.date(2026, 11, 1), dt.date(2026, 11, 29), SHANGHAI), ())
    for report in reports:
        if not report.measures or report.is_funnel or not report.by:
            continue
        measure = report.wanted[0]
        if report.by == "time":
            found = by_step(board, [measure], "week")
            parts = {step.start: (figures[measure.key], step, {}) for step, figures in found.items()}
        else:
            dims = [report.by, *([report.across] if report.across else [])]
            parts = {
                values: (found[measure.key], SPAN, {dim: [value] for dim, value in zip(dims, values, strict=True)})
                for values, found in metrics.by_part([measure], viewer, SPAN, dims).items()
            }
        for values, (figure, span, only) in parts.items():
            counted = listed(measure, metrics.address(measure, span, only), viewer)
            assert len(counted) == figure.base, (report.key, values)
        whole = metrics.figures([measure], viewer, SPAN)[measure.key]
        if measure.unit == Unit.COUNT and measure.source.identity == "pk" and measure.source.adds_up:
            assert sum(figure.value or 0 for figure, _span, _only in parts.values()) == whole.value, report.key


def test_every_report_is_drawn_with_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    viewer = actor_for(world.people["wide"])
    for report in reports:
        if report.measures and report.is_open_to(viewer):
            board: Board = asked({"period": "365d" if report.by == "time" else "7d"}, viewer)
            with django_assert_max_num_queries(18):
                content = ReportCard(report).build(board)
            assert content.finding, report.key
            assert all(len(row) == len(content.columns) for row in content.rows), report.key
