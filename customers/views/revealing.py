"""Showing one masked address in full, for this visit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core import limits
from crm.ui.generic.cells import url_of
from crm.ui.views.generic import ActionView

from .. import actions
from ..models import Identity, Order

#: Addresses that a person may uncover in an hour: enough for a day of calls, too few to copy a customer base.
LOOKS_AN_HOUR = 60


class Uncover(ActionView):
    """POST shows it at once: in its place, or on a page of its own without JavaScript. Nothing keeps it."""

    permission = "customers.uncover"

    def home(self) -> Any:
        """The record on whose page it stands."""
        raise NotImplementedError

    def label(self) -> Any:
        """What it is, such as Phone."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Reading shows nothing: back to where it stands."""
        self.object = self.record()
        return redirect(url_of(self.home()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        limits.hit("uncover", f"{self.actor.kind}:{self.actor.id}", limit=LOOKS_AN_HOUR, window_seconds=3600)
        home = self.home()
        context = {
            "shown": self.perform({}), "label": self.label(), "name": str(home), "customer": home.customer,
            "back": url_of(home),
        }  # fmt: skip
        template = "customers/partials/_uncovered.html" if self.is_fragment else "customers/uncovered.html"
        response = render(request, template, context)
        response["Cache-Control"] = "no-store"
        return response


class AddressUncover(Uncover):
    """A mail address, phone number or chat id of a contact."""

    model = Identity
    relations = ("contact__customer",)
    action = actions.uncover_address
    record_as = "identity"

    def home(self) -> Any:
        return self.object.contact

    def label(self) -> Any:
        return self.object.get_kind_display()


class ShipToUncover(Uncover):
    """Where an order is sent."""

    model = Order
    lookup = "number"
    relations = ("customer",)
    action = actions.uncover_ship_to
    record_as = "order"

    def home(self) -> Any:
        return self.object

    def label(self) -> Any:
        return _("Ship to")
