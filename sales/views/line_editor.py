"""The editor of a record that is a head and priced lines: quotes and contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t

from crm.core import money
from crm.core.errors import Conflict, DomainError
from crm.core.text import row_id
from crm.core.tokens import new_token
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic.base import RecordView
from customers.models import Customer

from ..actions.quotes import amounts_of
from ..forms.quotes import MAX_LINES, QuoteLines
from ..models import Opportunity
from ..selectors.prices import PriceBook

_COLUMNS = ("name", "quantity", "unit_price", "discount_percent", "tax_percent")


@dataclass(frozen=True, slots=True)
class Start:
    """What the editor shows first: the customer, the head's values and the stored lines."""

    customer: Customer
    head: Mapping[str, Any]
    lines: Iterable[Any] = field(default_factory=list)


class LineEditor(RecordView):
    """The head and the lines in one form. Every change posts to it with `totals=1` and gets the sums back.

    form_class: of the head; takes `customer`, `actor` and `present`, the answers to custom fields. names: what of the
    record its head shows. `write` calls the action with the cleaned values and the filled lines.
    """

    form_class: ClassVar[Any]
    names: ClassVar[Sequence[str]] = ()
    template_name: ClassVar[str]
    object: Any = None
    is_stale = False
    customer: Customer

    def start(self) -> Start:
        """The stored record; extend it for one that is made."""
        self.object = row = self.record()
        return Start(row.customer, {name: getattr(row, name) for name in self.names}, row.lines.all())

    def write(self, values: dict[str, Any], lines: list[Any]) -> Any:
        """Calls the action. Raises `DomainError`."""
        raise NotImplementedError

    def extra(self) -> dict[str, Any]:
        """Further values for the template."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        first = self._started()
        currency = first.head.get("currency") or first.customer.brand.currency
        rows = [line_initial(line, str(currency)) for line in first.lines]
        return self.page(self._head(initial=dict(first.head)), self._lines(initial=rows))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self._started()
        if "add_line" in request.POST:
            data = _one_more(request.POST)
            return self.page(self._head(data), self._lines(data))
        form, lines = self._head(request.POST), self._lines(request.POST)
        if "totals" in request.GET:
            return self.totals(lines)
        if form.is_valid() and lines.is_valid():
            try:
                row = self.write(form.cleaned_data, [each.line() for each in lines if each.is_filled])
            except Conflict as error:
                show_error(form, error)
                self.is_stale = True
                return self.page(form, lines, error.status)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _t("%(name)s is saved.") % {"name": row})
                return redirect(cells.url_of(row))
        return self.page(form, lines, 422)

    @property
    def seen(self) -> dt.datetime | None:
        """How new the record was when the form was opened."""
        return parse_datetime(self.request.POST.get("seen", "")[:40])

    @property
    def form_key(self) -> str:
        """Names a form for a new record, so that sending it twice makes one; after a conflict it is another form."""
        sent = "" if self.is_stale else self.request.POST.get("form_key", "")[:64]
        return sent or new_token()

    def totals(self, lines: Any) -> HttpResponse:
        """The sums of what stands in the form now, rows with mistakes left out."""
        currency = self.request.POST.get("currency", "")
        currency = currency if currency in money.SIGNS else "CNY"
        lines.is_valid()
        valid = [row for row in lines if row.is_valid() and row.is_filled]
        rows = [(row.prefix, row.line()) for row in valid]
        amounts = amounts_of(
            [line for _prefix, line in rows], currency=currency, tax_included="tax_included" in self.request.POST
        )
        total = money.total_of(amounts)
        named = [(prefix, money.shown(each.gross, currency)) for (prefix, _l), each in zip(rows, amounts, strict=True)]
        context = {
            "totals": shown_totals(total.net, total.tax, total.gross, currency), "line_totals": named,
            "prices": [(row.prefix, listed.text) for row in valid if (listed := row.listed()) is not None],
        }  # fmt: skip
        return render(self.request, "quotes/partials/_totals.html", context)

    def page(self, form: Any, lines: Any, status: int = 200) -> HttpResponse:
        row = self.object
        sums = (row.net, row.tax, row.gross) if row is not None else (Decimal(0),) * 3
        currency = row.currency if row is not None else self.customer.brand.currency
        context = {
            "form": form, "lines": lines, "customer": self.customer, "view": self,
            "totals": shown_totals(*sums, currency),
            "seen": row.updated_at.isoformat() if row is not None else "",
        }  # fmt: skip
        return render(self.request, self.template_name, {**context, **self.extra()}, status=status)

    def start_from_address(self, head: Mapping[str, Any]) -> Start:
        """A new record for the customer in the address; `?opportunity=` brings the products of a deal."""
        rows = Customer.objects.visible_to(self.actor).select_related("brand")
        customer: Customer = rows.fetch(self.actor, pk=self.kwargs["customer"])
        deal = self._deal(customer)
        found = {
            "name": deal.name if deal else "", "opportunity": deal,
            "language": customer.language or customer.brand.language,
            "currency": deal.currency if deal else customer.brand.currency,
            "tax_included": deal.tax_included if deal else True,
            "contact": deal.contact if deal else customer.contacts.order_by("-is_primary", "sort_key").first(),
        }  # fmt: skip
        return Start(customer, {**found, **head}, deal.lines.all() if deal else [])

    def _deal(self, customer: Customer) -> Opportunity | None:
        wanted = row_id(self.request.GET.get("opportunity", ""))
        if wanted is None:
            return None
        rows = Opportunity.objects.visible_to(self.actor)
        found: Opportunity | None = rows.filter(pk=wanted, customer=customer).first()
        return found

    def _started(self) -> Start:
        first = self.start()
        self.customer = first.customer
        return first

    def _lines(self, data: Any = None, **kwargs: Any) -> Any:
        """The rows, which know the price lists of the customer in the currency and tax that the head says."""
        currency, taxed = self.customer.brand.currency, True
        if data is not None:
            currency, taxed = data.get("currency", currency), "tax_included" in data
        elif self.object is not None:
            currency, taxed = self.object.currency, self.object.tax_included
        book = PriceBook(self.customer, currency=currency, tax_included=taxed)
        book.load(chosen_products(data))
        return QuoteLines(data, prefix="line", form_kwargs={"book": book}, **kwargs)

    def _head(self, data: Any = None, **kwargs: Any) -> Any:
        present = self.object.custom if self.object is not None else {}
        return self.form_class(data, customer=self.customer, actor=self.actor, present=present, **kwargs)


def chosen_products(data: Mapping[str, Any] | None) -> list[int]:
    """The ids of the products that stand in the rows of a sent form."""
    found = [row_id(str(value)) for name, value in (data or {}).items() if name.endswith("-product")]
    return [pk for pk in found if pk is not None]


def line_initial(line: Any, currency: str) -> dict[str, Any]:
    """A stored line as the editor shows it first."""
    values = {name: getattr(line, name) for name in _COLUMNS}
    for name in ("quantity", "discount_percent", "tax_percent"):
        values[name] = f"{values[name].normalize():f}"
    return {**values, "product": line.product_id, "unit_price": plain_price(line.unit_price, currency)}


def plain_price(price: Decimal, currency: str) -> Decimal:
    """The price without digits that say nothing, and never with fewer than its currency has."""
    short = money.rounded(price, currency)
    return short if short == price else price.normalize()


def shown_lines(row: Any) -> list[tuple[Any, str, str]]:
    """Each line with its price and its total as they are written."""
    return [
        (line, money.shown(line.unit_price, row.currency), money.shown(line.gross, row.currency))
        for line in row.lines.all()
    ]


def language_name(row: Any, viewer: Any) -> str:
    """The language of a paper by its own name."""
    return str(get_language_info(row.language)["name_local"])


def shown_totals(net: Any, tax: Any, gross: Any, currency: str) -> dict[str, str]:
    """The three sums as they are written."""
    return {
        "net": money.shown(net, currency), "tax": money.shown(tax, currency), "gross": money.shown(gross, currency),
    }  # fmt: skip


def _one_more(sent: Any) -> Any:
    data = sent.copy()
    total = data.get("line-TOTAL_FORMS", "1")
    data["line-TOTAL_FORMS"] = str(min(MAX_LINES, int(total) + 1)) if total.isdecimal() and len(total) < 4 else "1"
    return data
