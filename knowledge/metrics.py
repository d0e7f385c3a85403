"""Every number about articles, defined once. docs/architecture/reports.md explains the formulas.

Uses are counted by day of the company's zone. Figures open the articles they are about: a figure of verdicts or readers
counts those, its list holds the articles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, FloatField, Q, Sum
from django.db.models.functions import Cast, Coalesce, Greatest, NullIf
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.gallery import KNOWLEDGE, TIME, Report, reports
from crm.core.metrics import (
    Dimension,
    Measure,
    Params,
    Part,
    Source,
    Span,
    Unit,
    count,
    dimensions,
    measures,
    moment_param,
    rate,
)

from .filters import used
from .models import Article, Feedback, SearchMiss

LIST, SEE, WRITE = "knowledge:article_list", "knowledge.view", "knowledge.write"


def _days(span: Span) -> tuple[dt.date, dt.date]:
    return span.start.astimezone(span.zone).date(), span.end.astimezone(span.zone).date()


def _used(viewer: Actor, span: Span) -> Any:
    return used(*_days(span)).visible_to(viewer)


def _used_params(span: Span) -> Params:
    first, after = _days(span)
    return {"used_from": [first.isoformat()], "used_to": [after.isoformat()]}


def _verdicts(viewer: Actor, span: Span) -> Any:
    return Feedback.objects.visible_to(viewer).filter(at__gte=span.start, at__lt=span.end)


def _verdict_params(span: Span) -> Params:
    return {"rated_from": [moment_param(span.start)], "rated_to": [moment_param(span.end)]}


USED = Source(
    "knowledge.used", _used, _used_params, LIST,
    {"article": Part("article_id", "article"), "read_in": Part("language", "read_in")}, "article_id", "day",
    is_dated=True,
)  # fmt: skip
RATED = Source(
    "knowledge.rated", _verdicts, _verdict_params, LIST, {"article": Part("article_id", "article")}, "article_id", "at"
)
MISSED = Source(
    "knowledge.missed", lambda viewer, span: SearchMiss.objects.visible_to(viewer).filter(settled_at__isnull=True),
    lambda span: {}, "knowledge:miss_list", {"searched": Part("query", "q")},
)  # fmt: skip

#: Readers who were about to write to us, and those of them who did not.
_ASKING = F("from_form") + F("stuck")


def _saved(only: Q | None) -> Any:
    return Greatest(Sum(_ASKING - F("sent"), filter=only), 0)


def _saved_share(only: Q | None) -> Any:
    asking = NullIf(Sum(_ASKING, filter=only), 0)
    return Cast(_saved(only), FloatField()) / Cast(asking, FloatField())


measures.register(
    Measure("knowledge.views", _("Readers"), _("How often articles were opened in the help centre in the period."),
            USED, Unit.COUNT, lambda only: Coalesce(Sum("views", filter=only), 0), SEE, better="up", order=10),
    Measure("knowledge.asking", _("About to write"),
            _("Readers who came from the request form, or went from an article to it."), USED, Unit.COUNT,
            lambda only: Coalesce(Sum(_ASKING, filter=only), 0), SEE, order=11),
    Measure("knowledge.saved", _("Tickets saved"),
            _("Readers who were about to write and sent no ticket after reading."), USED, Unit.COUNT,
            lambda only: Coalesce(_saved(only), 0), SEE, better="up", order=12),
    Measure("knowledge.saved_rate", _("Deflection"),
            _("Of the readers who were about to write, the share that sent no ticket."), USED, Unit.RATE, _saved_share,
            SEE, better="up", order=13),
    Measure("knowledge.verdicts", _("Verdicts"), _("How often readers said whether an article helped, in the period."),
            RATED, Unit.COUNT, count(), SEE, better="up", order=20),
    Measure("knowledge.helped", _("Helpful"), _("Of the verdicts given in the period, the share that says it helped."),
            RATED, Unit.RATE, rate(Q(helpful=True)), SEE, better="up", order=21),
    Measure("knowledge.missed", _("Searches without a result"),
            _("How often something was searched in vain that nobody has dealt with yet."), MISSED, Unit.COUNT,
            lambda only: Coalesce(Sum("count", filter=only), 0), WRITE, better="down", order=30),
    Measure("knowledge.missed_words", _("Different words"),
            _("Different words that were searched in vain and that nobody has dealt with yet."), MISSED, Unit.COUNT,
            count(), WRITE, better="down", order=31),
)  # fmt: skip


def _articles(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Titles in the reader's language."""
    rows = Article.objects.filter(pk__in=[pk for pk in values if pk]).prefetch_related("texts")
    return {row.pk: row.title for row in rows}


dimensions.register(
    Dimension("article", _("Article"), 90, _articles),
    Dimension("read_in", _("Language"), 91, lambda values: dict(settings.LANGUAGES)),
    Dimension("searched", _("Searched for"), 92),
)
_USES = ["knowledge.views", "knowledge.asking", "knowledge.saved", "knowledge.saved_rate"]
reports.register(
    Report("knowledge-use", KNOWLEDGE, _("Does the help centre save tickets?"), _USES, by=TIME, order=10),
    Report("knowledge-articles", KNOWLEDGE, _("Which articles are read?"), _USES, by="article", order=11),
    Report("knowledge-languages", KNOWLEDGE, _("In which languages is it read?"), _USES, by="read_in", order=12),
    Report("knowledge-helpful", KNOWLEDGE, _("Do articles help?"), ["knowledge.helped", "knowledge.verdicts"], by=TIME,
           order=20),
    Report("knowledge-verdicts", KNOWLEDGE, _("Which articles do not help?"),
           ["knowledge.helped", "knowledge.verdicts"], by="article", order=21),
    Report("knowledge-misses", KNOWLEDGE, _("What is searched in vain?"), ["knowledge.missed"], by="searched",
           order=30),
)  # fmt: skip
