"""Articles: uses by day, verdicts, searches in vain."""

from __future__ import annotations

from collections.abc import Sequence

from crm.core.metrics import Span
from knowledge.models import ArticleDay, Feedback, SearchMiss

from .base import Twin, day_inside, inside, number, share


def _days(viewer: object) -> object:
    return ArticleDay.objects.visible_to(viewer)


def _used(row: ArticleDay, span: Span) -> bool:
    return day_inside("day")(row, span) and bool(row.views or row.from_form or row.stuck or row.sent)


def _asking(rows: Sequence[ArticleDay], span: Span) -> int:
    return sum(row.from_form + row.stuck for row in rows)


def _saved(rows: Sequence[ArticleDay], span: Span) -> int:
    return max(0, _asking(rows, span) - sum(row.sent for row in rows))


def _saved_share(rows: Sequence[ArticleDay], span: Span) -> float | None:
    asking = _asking(rows, span)
    return _saved(rows, span) / asking if asking else None


def _verdicts(viewer: object) -> object:
    return Feedback.objects.visible_to(viewer)


def _misses(viewer: object) -> object:
    return SearchMiss.objects.visible_to(viewer)


def _unsettled(row: SearchMiss, span: Span) -> bool:
    return row.settled_at is None


TWINS = {
    "knowledge.views": Twin(_days, _used, lambda rows, span: sum(row.views for row in rows)),
    "knowledge.asking": Twin(_days, _used, _asking),
    "knowledge.saved": Twin(_days, _used, _saved),
    "knowledge.saved_rate": Twin(_days, _used, _saved_share),
    "knowledge.verdicts": Twin(_verdicts, inside("at"), number),
    "knowledge.helped": Twin(_verdicts, inside("at"), share(lambda row, span: row.helpful)),
    "knowledge.missed": Twin(_misses, _unsettled, lambda rows, span: sum(row.count for row in rows)),
    "knowledge.missed_words": Twin(_misses, _unsettled, number),
}
