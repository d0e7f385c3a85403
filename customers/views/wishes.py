"""Wishes: list, page with what fits, noting, changing, closing; and offers that are turned down."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView, UpdateView

from .. import actions
from ..choices import WishState
from ..figures.wishing import fitting
from ..forms.levels import CloseWishForm, WishForm
from ..lists.wishes import budget_cell, customer_cell, size_cell, wish_tone
from ..models import Offer, Wish
from .details import DetailCreate


def _is_open(row: Wish) -> bool:
    return row.state == WishState.OPEN


class WishList(ListView):
    permission = "customers.view"
    page = "wish"


class WishDetail(DetailView):
    """What they look for, and every product that fits, with why."""

    permission = "customers.view"
    model = Wish
    relations = ("customer", "contact", "category")
    template_name = "customers/wish_detail.html"
    headline = (
        Field("customer", gettext_lazy("Customer"), customer_cell),
        Field("state", gettext_lazy("State"), cells.badge("get_state_display", wish_tone)),
        Field("budget", gettext_lazy("Budget"), budget_cell),
        Field("until", gettext_lazy("Until")),
    )
    fields = (
        Field("contact", gettext_lazy("Contact")),
        Field("category", gettext_lazy("Category")),
        Field("words", gettext_lazy("Words in the product's name")),
        Field("size", gettext_lazy("Size"), size_cell),
        Field("place", gettext_lazy("Area")),
        Field("quantity", gettext_lazy("How many"), cells.number("quantity")),
        Field("created_at", gettext_lazy("Noted"), cells.moment("created_at")),
        Field("note", gettext_lazy("Note")),
    )
    verbs = (
        Verb(gettext_lazy("Close"), "customers:wish_close", "ok", "customers.update", primary=True, when=_is_open),
        Verb(gettext_lazy("Open again"), "customers:wish_reopen", "restore", "customers.update", post=True,
             when=lambda row: not _is_open(row)),
        Verb(gettext_lazy("Edit"), "customers:wish_update", "edit", "customers.update"),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        return {"wish": self.object, "fitting": fitting(self.actor, self.object)}


class WishCreate(DetailCreate):
    relations = ("brand",)
    form_class, action, title = WishForm, actions.note_wish, gettext_lazy("New wish")

    def form_kwargs(self) -> dict[str, Any]:
        return {"customer": self.object}

    def answer(self, record: Any) -> HttpResponse:
        return redirect(self.url_of(record))


class WishUpdate(UpdateView):
    permission = "customers.update"
    model = Wish
    relations = ("customer__brand",)
    form_class, action = WishForm, actions.change_wish

    def form_kwargs(self) -> dict[str, Any]:
        return {"customer": self.object.customer}


class WishClose(ActionView):
    permission = "customers.update"
    model = Wish
    action, form_class = actions.close_wish, CloseWishForm
    record_as = "wish"
    title = gettext_lazy("Close the wish %(name)s")
    button = gettext_lazy("Close it")


class WishReopen(ActionView):
    permission = "customers.update"
    model = Wish
    action = actions.reopen_wish
    record_as = "wish"
    title = gettext_lazy("Open the wish %(name)s again?")


class OfferDismiss(ActionView):
    """The customer does not want it."""

    permission = "customers.update"
    model = Offer
    relations = ("customer", "product")
    action = actions.dismiss_offer
    record_as = "offer"
    title = gettext_lazy("Offer %(name)s no more?")
    text = gettext_lazy("It is taken off what this customer is offered.")
    button = gettext_lazy("Not wanted")

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.customer)
