"""/sales/forecast/: won, expected and wanted, in a month or quarter."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Team, User
from crm.core import money
from crm.core.rates import Converted, Rates
from crm.core.text import row_id
from crm.ui.views.generic.base import StaffView

from ..choices.opportunities import ForecastCategory
from ..choices.targets import Period
from ..models import Pipeline
from ..selectors.forecast import Ask, Figures, Paid, forecast, paid
from ..selectors.forecast_history import accuracy, movement, snapshot_days
from ..terms import Term, company_today

#: The columns of the table: key of the sum and its heading.
COLUMNS = (
    ("won", _("Won so far")),
    (ForecastCategory.COMMIT, ForecastCategory.COMMIT.label),
    (ForecastCategory.BEST, ForecastCategory.BEST.label),
    (ForecastCategory.PIPELINE, ForecastCategory.PIPELINE.label),
    ("weighted", _("Weighted")),
)
_BY = {"owner": _("Owner"), "team": _("Team"), "department": _("Department")}


class AboutATerm(StaffView):
    """A page whose address says which month or quarter, and which deals. Nonsense falls back to what is usual."""

    permission = "opportunities.view"

    @cached_property
    def today(self) -> dt.date:
        return company_today()

    @cached_property
    def ask(self) -> Ask:
        """What the address asks for."""
        given = self.request.GET
        period = Period(given["period"]) if given.get("period") in Period.values else Period.QUARTER
        day = _day(given.get("at", "")) or self.today
        named = {name: row_id(given.get(name, "")) for name in ("pipeline", "department", "team", "owner")}
        by = given.get("by", "")
        return Ask(Term.around(day, period), by if by in _BY else "owner", **named)

    def url(self, **changes: Any) -> str:
        """This page with other parameters."""
        ask = self.ask
        now = {"period": str(ask.term.period), "at": ask.term.start.isoformat(), "by": ask.by, **ask.params}
        query = {name: value for name, value in {**now, **changes}.items() if value not in ("", None)}
        return f"{self.request.path}?{urlencode(query)}"


class ForecastView(AboutATerm):
    """GET /sales/forecast/?period=quarter&at=2026-10-01&by=owner&pipeline=&team=&owner=&since=."""

    def get(self, request: HttpRequest) -> HttpResponse:
        ask, rates = self.ask, Rates()
        found = forecast(self.actor, ask, rates)
        days = snapshot_days(self.today)
        since = _day(request.GET.get("since", ""))
        since = since if since in days else days[0] if days else None
        is_over = self.today >= ask.term.end
        of_targets = {"period": str(ask.term.period), "year": ask.term.start.year}
        values = {
            "view": self, "ask": ask, "term": ask.term, "forecast": found, "is_over": is_over,
            "tiles": _tiles(found.total, is_over, paid(self.actor, ask, rates)),
            "columns": [label for _key, label in COLUMNS],
            "lines": [_cells(line) for line in [*found.lines, found.total]],
            "movement": movement(self.actor, ask, since, rates) if since and not is_over else None,
            "since_options": [(day, self.url(since=day), day == since) for day in days],
            "weeks": [_week(week, rates.base) for week in accuracy(self.actor, ask, rates)],
            "targets_url": f"{reverse('planning:targets')}?{urlencode(of_targets)}",
            **self.controls(),
        }  # fmt: skip
        return render(request, "sales/forecast.html", values)

    def controls(self) -> dict[str, Any]:
        """The switches of the head, each a link."""
        ask = self.ask
        periods = [
            {"label": period.label, "url": self.url(period=str(period)), "is_current": ask.term.period == period}
            for period in Period
        ]
        by = [{"label": label, "url": self.url(by=key), "is_current": ask.by == key} for key, label in _BY.items()]
        pipelines = list(Pipeline.objects.filter(is_active=True))
        return {
            "periods": periods, "by": by, "pipelines": pipelines if len(pipelines) > 1 else [],
            "before_url": self.url(at=ask.term.before.start), "after_url": self.url(at=ask.term.after.start),
            "narrowed": self._narrowed(),
        }  # fmt: skip

    def _narrowed(self) -> list[tuple[str, str]]:
        """What the deals are narrowed to, each with the address without it."""
        ask, found = self.ask, []
        rows: tuple[tuple[str, Any, int | None], ...] = (
            ("pipeline", Pipeline, ask.pipeline), ("department", Department, ask.department),
            ("team", Team, ask.team), ("owner", User, ask.owner),
        )  # fmt: skip
        for name, model, pk in rows:
            row = model.objects.filter(pk=pk).first() if pk is not None else None
            if row is not None:
                found.append((str(row), self.url(**{name: ""})))
        return found


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


def _tiles(total: Figures, is_over: bool, came: Paid | None) -> list[dict[str, Any]]:
    """The figures somebody is judged by."""
    base, gap = total.base, total.gap
    tiles: list[dict[str, Any]] = [
        {
            "label": _t("Won") if is_over else _t("Won so far"), "value": total.won.text, "url": total.urls["won"],
            "icon": "trophy", "sub": _t("%(percent)s%% of the target") % {"percent": total.percent}
            if total.percent is not None else "",
        },
        {"label": _t("Target"), "value": money.shown(total.target, base), "sub": total.target_of or _t("none is set")},
        {
            "label": _t("Still to win"), "value": money.shown(gap, base),
            "tone": "success" if gap == 0 else "danger" if is_over and gap else "",
            "sub": _t("reached") if gap == 0 else "",
        },
    ]  # fmt: skip
    if not is_over:
        tiles.append({
            "label": _t("Weighted"), "value": total.sums["weighted"].text, "url": total.urls["weighted"],
            "sub": _t("with what is won: %(amount)s") % {"amount": money.shown(total.expected, base)},
        })  # fmt: skip
    if came is not None:
        said = _t("%(percent)s%% of the paid target") % {"percent": came.percent} if came.percent is not None else ""
        notes = [] if came.total.is_whole else came.total.notes()
        tiles.append({"label": _t("Paid"), "value": came.total.text, "url": came.url, "sub": " ".join([said, *notes])})
    return tiles


def _cells(line: Figures) -> dict[str, Any]:
    """A row of the table: every amount with the list behind it."""

    def cell(name: str) -> dict[str, Any]:
        sums: Converted = line.sums[name]
        return {
            "text": sums.text, "count": sums.count, "url": line.urls[name], "is_whole": sums.is_whole,
            "label": dict(COLUMNS)[name],
        }  # fmt: skip

    gap = line.gap
    return {
        "label": line.label, "key": line.key, "cells": [cell(str(name)) for name, _label in COLUMNS],
        "target": money.shown(line.target, line.base), "gap": money.shown(gap, line.base), "percent": line.percent,
        "bar": min(100, line.percent or 0), "is_reached": gap == 0,
    }  # fmt: skip


def _week(week: Any, base: str) -> dict[str, Any]:
    texts = {name: money.shown(getattr(week, name), base) for name in ("won", "expected", "committed", "actual")}
    off = week.off_percent
    return {"day": week.taken_on, **texts, "off": "" if off is None else f"{off:+d}%"}
