"""/sales/funnel/: how far deals get and how long they stay."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from ..choices.opportunities import OpportunitySource
from ..models import Pipeline
from ..selectors.funnel import FunnelAsk, funnel
from ..selectors.opportunities import default_pipeline
from .forecast import ForecastView


class FunnelView(ForecastView):
    """GET /sales/funnel/?period=quarter&at=2026-10-01&pipeline=&team=&owner=&source=."""

    @cached_property
    def source(self) -> str:
        value = self.request.GET.get("source", "")
        return value if value in OpportunitySource.values else ""

    def url(self, **changes: Any) -> str:
        """This page with other parameters; the source is one of them."""
        return super().url(**{"source": self.source, "by": "", **changes})

    def get(self, request: HttpRequest) -> HttpResponse:
        pipeline = Pipeline.objects.filter(pk=self.ask.pipeline).first() if self.ask.pipeline else default_pipeline()
        values: dict[str, Any] = {"view": self, "ask": self.ask, "term": self.ask.term, **self.controls()}
        if pipeline is not None:
            asked = FunnelAsk(pipeline, self.ask.term, self.ask.owner, self.ask.team, self.source)
            found = funnel(self.actor, asked)
            values |= {
                "funnel": found, "pipeline": pipeline, "steps": [_shown(step, found.total) for step in found.steps],
                "win_rate": _percent(found.win_rate), "before": asked.term.before,
                "win_sub": _t("%(won)s of %(ended)s that ended; before: %(rate)s")
                % {"won": found.won, "ended": found.ended, "rate": _percent(found.before_win_rate) or "–"},
                "sources": [
                    (label, self.url(source=key), key == self.source) for key, label in OpportunitySource.choices
                ],
            }  # fmt: skip
        return render(request, "sales/funnel.html", values)

    def _narrowed(self) -> list[tuple[str, str]]:
        found = super()._narrowed()
        if self.source:
            found.append((str(OpportunitySource(self.source).label), self.url(source="")))
        return found


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _shown(step: Any, total: int) -> dict[str, Any]:
    """A row of the table in words."""
    values = {"rate": _percent(step.rate), "base": step.base}
    points = step.points
    return {
        "stage": step.stage, "count": step.count, "url": step.url,
        "share": round(100 * step.count / total) if total else 0,
        "rate": _t("%(rate)s of %(base)s") % values if step.rate is not None else "",
        "before": _percent(step.before_rate),
        "points": ""
        if points is None
        else ngettext("%(n)s point", "%(n)s points", abs(points)) % {"n": f"{points:+d}"},
        "tone": "" if not points else "success" if points > 0 else "danger",
        "median": "" if step.median_days is None else f"{step.median_days:.1f}",
        "p90": "" if step.p90_days is None else f"{step.p90_days:.1f}",
        "stays": step.stays, "usual": step.stage.expected_days,
    }  # fmt: skip
