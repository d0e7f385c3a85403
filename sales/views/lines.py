"""The products of a deal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.core.errors import DomainError
from crm.ui.generic import cells
from crm.ui.views.generic import RecordView

from .. import actions
from ..forms.opportunities import LineFormSet, line_initial
from ..models import Opportunity
from ..selectors.prices import PriceBook
from .line_editor import chosen_products


class OpportunityLines(RecordView):
    """All lines on one page; "More lines" adds empty ones, also without JavaScript."""

    permission = "opportunities.update"
    model = Opportunity
    lookup = "number"
    relations = ("customer", "stage")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return self.page(self.lines())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        lines = self.lines(request.POST)
        if "add_line" in request.POST:
            return self.page(self.lines(_more_lines(request)))
        if not lines.is_valid():
            return self.page(lines, status=422)
        filled = [row.line() for row in lines if row.is_filled]
        try:
            actions.set_lines(actor=self.actor, opportunity=self.object, lines=filled)
        except DomainError as error:
            return self.page(lines, status=error.status, error=str(error.fields.get("lines", error)))
        return redirect(cells.url_of(self.object))

    def lines(self, data: Any = None) -> Any:
        """The rows, which know the price lists of the customer."""
        deal = self.object
        book = PriceBook(deal.customer, currency=deal.currency, tax_included=deal.tax_included)
        book.load(chosen_products(data))
        return LineFormSet(data, prefix="line", initial=self.initial(), form_kwargs={"book": book})

    def initial(self) -> list[dict[str, Any]]:
        return [line_initial(line) for line in self.object.lines.all()]

    def page(self, lines: Any, status: int = 200, error: str = "") -> HttpResponse:
        context = {"lines": lines, "deal": self.object, "view": self, "error": error}
        return render(self.request, "sales/lines_form.html", context, status=status)


def _more_lines(request: HttpRequest) -> Any:
    data = request.POST.copy()
    total = data.get("line-TOTAL_FORMS", "2")
    data["line-TOTAL_FORMS"] = str(min(60, int(total) + 3)) if total.isdecimal() and len(total) < 4 else "5"
    return data
