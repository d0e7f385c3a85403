"""A contact's contracts in the customer portal, with what is due and what was paid. Nothing is changed here."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from crm.core import money
from customers.views.portal import PortalPage

from ..lists.contracts import tone
from ..models import Contract
from ..selectors.payments import paid_on, plan_of
from .contracts import pdf_of
from .line_editor import shown_lines, shown_totals

PAGE = 20
RELATIONS = ("customer", "contact", "brand", "owner", "quote")


class PortalContractList(PortalPage):
    """Signed contracts that the contact may see, newest first."""

    template_name = "contracts/portal/list.html"
    section = "contracts"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Contract.objects.visible_to(self.actor).order_by("-signed_on", "-pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return self.page(number=page, contracts=[(row, tone(row)) for row in page])


class OwnContract(PortalPage):
    """A contract of those the contact sees. Raises `NotFound`."""

    template_name = "contracts/portal/detail.html"
    section = "contracts"

    def load(self) -> Contract:
        row: Contract = Contract.objects.select_related(*RELATIONS).fetch(self.actor, pk=self.kwargs["pk"])
        return row


class PortalContract(OwnContract):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.load()
        paid = paid_on(row)
        return self.page(
            contract=row, plan=plan_of(row), lines=shown_lines(row), tone=tone(row),
            totals=shown_totals(row.net, row.tax, row.amount, row.currency),
            payments=list(row.payments.visible_to(self.actor).order_by("-received_on", "-pk")),
            paid_text=money.shown(paid, row.currency), open_text=money.shown(row.amount - paid, row.currency),
        )  # fmt: skip


class PortalContractPdf(OwnContract):
    """The same contract on paper."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return pdf_of(self.load())
