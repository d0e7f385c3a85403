"""/sales/targets/: what is to be sold, as a grid to fill in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core import money
from crm.core.errors import DomainError
from crm.core.rates import company_currency
from crm.ui.views.generic.base import StaffView

from ..actions.targets import set_targets
from ..choices.targets import Measure, Period
from ..selectors.targets import GridRow, Holder, grid, totals
from ..terms import company_today, terms_of

_KINDS = (("user", _("People")), ("team", _("Teams")), ("department", _("Company and departments")))
_AMOUNT = forms.DecimalField(min_value=0, max_digits=14, decimal_places=2, required=False)


class TargetsView(StaffView):
    """GET and POST /sales/targets/?year=2026&period=quarter&measure=won&by=user. Without the right it only shows."""

    permission = "opportunities.view"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        given = request.GET
        this_year = company_today().year
        year = given.get("year", "")
        self.year = int(year) if year.isdecimal() and abs(int(year[:6]) - this_year) <= 10 else this_year
        self.period = Period(given["period"]) if given.get("period") in Period.values else Period.QUARTER
        self.measure = Measure(given["measure"]) if given.get("measure") in Measure.values else Measure.WON
        self.kind = given["by"] if given.get("by") in dict(_KINDS) else "user"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({}, {})

    def post(self, request: HttpRequest) -> HttpResponse:
        self.actor.require("opportunities.set_targets")
        amounts: dict[tuple[Holder, dt.date], Decimal | None] = {}
        wrong: dict[str, str] = {}
        for row in self.rows():
            for start in row.cells:
                name = f"{row.key}:{start.isoformat()}"
                if name in request.POST:
                    try:
                        amounts[row.holder, start] = _AMOUNT.clean(request.POST[name])
                    except ValidationError as error:
                        wrong[name] = " ".join(error.messages)
        if wrong:
            return self.page(request.POST.dict(), wrong, 422)
        try:
            count = set_targets(actor=self.actor, period=self.period, measure=self.measure, amounts=amounts)
        except DomainError as error:
            return self.page(request.POST.dict(), {"": str(error)}, error.status)
        said = ngettext("%(count)s target is changed.", "%(count)s targets are changed.", count)
        messages.success(request, said % {"count": count} if count else _t("Nothing was changed."))
        return redirect(self.url())

    def rows(self) -> list[GridRow]:
        return grid(self.actor, year=self.year, period=self.period, measure=self.measure, kind=self.kind)

    def url(self, **changes: Any) -> str:
        now = {"year": self.year, "period": str(self.period), "measure": str(self.measure), "by": self.kind}
        return f"{self.request.path}?{urlencode({**now, **changes})}"

    def page(self, sent: dict[str, str], wrong: dict[str, str], status: int = 200) -> HttpResponse:
        rows, currency = self.rows(), company_currency()
        terms = terms_of(self.year, self.period)
        shown = [
            {
                "label": str(row.record or _t("Whole company")), "total": money.shown(row.total, currency),
                "cells": [_cell(row, term, sent, wrong) for term in terms],
            }
            for row in rows
        ]  # fmt: skip
        sums = totals(rows, [term.start for term in terms])
        values = {
            "view": self, "rows": shown, "terms": terms, "currency": currency, "wrong": wrong,
            "sums": [
                (label, money.shown(amount, currency))
                for label, amount in zip([*(term.label for term in terms), _t("Year")], [*sums, sum(sums, Decimal(0))],
                                         strict=True)
            ],
            "may_set": self.actor.can("opportunities.set_targets"), "year": self.year,
            "periods": self._switch("period", Period.choices, self.period),
            "measures": self._switch("measure", Measure.choices, self.measure),
            "kinds": self._switch("by", _KINDS, self.kind),
            "before_url": self.url(year=self.year - 1), "after_url": self.url(year=self.year + 1),
        }  # fmt: skip
        return render(self.request, "sales/targets.html", values, status=status)

    def _switch(self, name: str, choices: Any, current: str) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self.url(**{name: key}), "is_current": key == current} for key, label in choices
        ]


def _cell(row: GridRow, term: Any, sent: dict[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    name = f"{row.key}:{term.start.isoformat()}"
    amount = row.cells[term.start]
    stored = "" if amount is None else f"{amount.normalize():f}"
    label = _t("%(name)s, %(term)s") % {"name": row.record or _t("Whole company"), "term": term.label}
    return {"name": name, "value": sent.get(name, stored), "error": wrong.get(name, ""), "label": label,
            "term": term.label}  # fmt: skip
