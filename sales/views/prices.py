"""Price lists under /settings/, and /sales/prices/ for whoever makes offers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.ui.views.generic import ActionView, CreateView, ListView, UpdateView

from ..actions.prices import MANAGE, remove_list_price, save_list_price, save_price_list
from ..forms.prices import ListPriceForm, PriceListForm
from ..models import PriceList, PriceListItem
from .lead_desk import DeskList, SettingsRow


class PriceListList(DeskList):
    permission = MANAGE
    page = "price_list"
    settings_key = "price_lists"


class _PriceList(SettingsRow):
    permission = MANAGE
    model, form_class, action = PriceList, PriceListForm, save_price_list
    template_name, back = "sales/condition_form.html", "salesdesk:price_list_list"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}  # type: ignore[attr-defined]


class PriceListCreate(_PriceList, CreateView):
    def url_of(self, record: Any) -> str:
        """Its prices come next."""
        if record is None or record.pk is None:
            return super().url_of(record)
        return f"{reverse('prices:list_price_list')}?price_list={record.pk}"


class PriceListUpdate(_PriceList, UpdateView):
    pass


class ListPriceList(ListView):
    permission = "quotes.view"
    page = "price_list_item"


class _ListPrice:
    """Back to the prices of the same list."""

    permission = MANAGE
    model, form_class, action = PriceListItem, ListPriceForm, save_list_price
    template_name = "sales/list_price_form.html"

    def url_of(self, record: Any) -> str:
        return f"{reverse('prices:list_price_list')}?price_list={record.price_list_id}"


class ListPriceCreate(_ListPrice, CreateView):
    title = _("New price")


class ListPriceUpdate(_ListPrice, UpdateView):
    relations = ("price_list", "product")


class ListPriceRemove(ActionView):
    permission = MANAGE
    model, action, relations = PriceListItem, remove_list_price, ("price_list", "product")
    title, button, danger = _("Remove the price of %(name)s"), _("Remove"), True
    text, done = _("Offers that have it keep it."), _("The price of %(name)s is removed.")

    def url_of(self, record: Any) -> str:
        return f"{reverse('prices:list_price_list')}?price_list={record.price_list_id}"
