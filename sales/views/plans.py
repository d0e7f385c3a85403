"""The payment plan of a contract: rows that have to add up, and a splitter that fills them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from crm.core import money
from crm.core.errors import DomainError
from crm.ui.generic import cells
from crm.ui.views.generic.base import RecordView

from ..actions import plans
from ..choices.payments import SplitWay
from ..forms.payments import PlanRows, SplitForm
from ..models import Contract, Instalment
from ..paying.splitting import by_percent, in_equal_parts, months_later
from ..selectors.payments import today


class PlanEditor(RecordView):
    """GET shows the plan, or a first one; "Divide" fills the rows anew from amount, way and first day."""

    permission = "contracts.update"
    model = Contract
    relations = ("customer", "brand")
    object: Contract

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        split = SplitForm(initial={"first_on": self.object.starts or today(), "way": SplitWay.EQUAL})
        return self.page(self.rows_of(self.stored()), split)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if "divide" in request.POST:
            return self.divide(SplitForm(request.POST))
        split = SplitForm(initial={"first_on": self.object.starts or today()})
        data = _one_more(request.POST) if "add_row" in request.POST else request.POST
        rows = PlanRows(data, prefix="part")
        if "add_row" in request.POST:
            return self.page(rows, split)
        if not rows.is_valid():
            return self.page(rows, split, 422)
        parts = [row.part() for row in rows if row.is_filled]
        try:
            plans.set_plan(actor=self.actor, contract=self.object, instalments=parts)
        except DomainError as error:
            return self.page(rows, split, error.status, str(error))
        messages.success(request, _t("The payment plan of %(name)s is saved.") % {"name": self.object})
        return redirect(cells.url_of(self.object))

    def divide(self, split: SplitForm) -> HttpResponse:
        """The rows as the splitter makes them; what was paid on stays as it is and the rest is divided."""
        kept = [_initial(row) for row in self.stored() if row.paid]
        if not split.is_valid():
            return self.page(self.rows_of(self.stored()), split, 422)
        rest = self.object.amount - sum((row["amount"] for row in kept), Decimal(0))
        values, currency = split.cleaned_data, self.object.currency
        if values["way"] == SplitWay.PERCENT:
            parts = by_percent(rest, currency, values["percents"])
        else:
            parts = in_equal_parts(rest, currency, values["count"])
        fresh = [
            {"due_on": _day(months_later(values["first_on"], place)), "amount": part, "name": ""}
            for place, part in enumerate(parts)
            if part > 0
        ]
        return self.page(PlanRows(initial=[*kept, *fresh], prefix="part"), split)

    def stored(self) -> list[Instalment]:
        return list(self.object.instalments.order_by("position"))

    def rows_of(self, stored: list[Instalment]) -> Any:
        return PlanRows(initial=[_initial(row) for row in stored], prefix="part")

    def page(self, rows: Any, split: SplitForm, status: int = 200, problem: str = "") -> HttpResponse:
        total = _total(rows)
        context = {
            "contract": self.object, "rows": rows, "split": split, "problem": problem, "view": self,
            "total_text": money.shown(total, self.object.currency), "adds_up": total == self.object.amount,
        }  # fmt: skip
        return render(self.request, "contracts/plan_form.html", context, status=status)


def _initial(row: Instalment) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "due_on": _day(row.due_on), "amount": row.amount}


def _day(day: dt.date) -> str:
    return day.isoformat()


def _total(rows: Any) -> Decimal:
    """What stands in the rows, unsent or sent."""
    if not rows.is_bound:
        return sum((each["amount"] for each in rows.initial or []), Decimal(0))
    rows.is_valid()
    return sum((getattr(row, "cleaned_data", {}).get("amount") or Decimal(0) for row in rows), Decimal(0))


def _one_more(sent: Any) -> Any:
    data = sent.copy()
    total = data.get("part-TOTAL_FORMS", "1")
    data["part-TOTAL_FORMS"] = (
        str(min(plans.MAX_INSTALMENTS, int(total) + 1)) if total.isdecimal() and len(total) < 4 else "1"
    )
    return data
