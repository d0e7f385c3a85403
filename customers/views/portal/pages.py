"""The portal's own pages: home, profile, orders and equipment."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from crm.core import clock, money
from crm.core.errors import Invalid, NotFound
from crm.ui.preferences import YEAR_SECONDS

from ... import actions
from ...choices import PortalReach
from ...forms.portal import OwnConsentForm, ProfileForm
from ...lists.trade import order_tone, state_tone
from ...models import Equipment, Order, PortalSession
from ...selectors import consents_of
from .base import PortalPage

PAGE = 20


class PortalHome(PortalPage):
    """What waits for the contact, from every app."""

    template_name = "customers/portal/home.html"
    section = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        blocks = list(self.blocks())
        return self.page(
            main=[block for block in blocks if block["entry"].place == "main"],
            side=[block for block in blocks if block["entry"].place == "side"],
        )


class PortalProfile(PortalPage):
    """GET shows who the contact is to us; POST changes it."""

    template_name = "customers/portal/profile.html"
    section = "profile"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            actions.update_own_profile(actor=self.actor, **form.cleaned_data)
        except Invalid as error:
            form.add_error("name", str(error))
            return self.show(form, status=422)
        language = form.cleaned_data["language"]
        with translation.override(language):
            messages.success(request, _("Your profile is saved."))
        response = redirect("portal:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax")
        return response

    def show(self, form: ProfileForm | None = None, *, status: int = 200) -> HttpResponse:
        contact, ui = self.visit.contact, self.request.ui  # type: ignore[attr-defined]
        initial = {
            "name": contact.name, "language": contact.language or ui.language, "timezone": ui.timezone,
            "preferred_channel": contact.preferred_channel,
        }  # fmt: skip
        devices = PortalSession.objects.filter(contact=contact, expires_at__gt=clock.now()).count()
        access = getattr(contact, "portal_access", None)
        return self.page(
            form=form or ProfileForm(initial=initial),
            consent=OwnConsentForm(present=consents_of(contact)),
            addresses=list(contact.identities.order_by("kind", "-is_primary", "pk")),
            signed_in_with=self.visit.identity_id,
            devices=devices,
            sees_company=access is not None and access.reach == PortalReach.COMPANY,
            status=status,
        )


class PortalConsent(PortalPage):
    """POST stores by which ways the contact may be advertised to."""

    section = "profile"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OwnConsentForm(request.POST, present=consents_of(self.visit.contact))
        form.full_clean()
        language = request.ui.language  # type: ignore[attr-defined]
        actions.say_consents(actor=self.actor, granted=form.cleaned_data, texts=form.texts, language=language)
        messages.success(request, _("Your choice is saved."))
        return redirect("portal:profile")


class PortalOrders(PortalPage):
    """What was bought, newest first."""

    template_name = "customers/portal/orders.html"
    section = "orders"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Order.objects.visible_to(self.actor).order_by("-placed_at", "-pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return self.page(number=page, orders=[(order, order_tone(order)) for order in page])


class PortalOrder(PortalPage):
    """One order with its lines, parcels and refunds."""

    template_name = "customers/portal/order.html"
    section = "orders"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        order = Order.objects.fetch(self.actor, number=number)
        return self.page(
            order=order,
            tone=order_tone(order),
            lines=[(line, money.shown(line.gross, order.currency)) for line in order.lines.order_by("position")],
            parcels=list(order.shipments.all()),
            refunds=[(row, money.shown(row.amount, order.currency)) for row in order.refunds.all()],
            asks_url=self.asks_url,
        )


class PortalEquipment(PortalPage):
    """The devices at the contact's company."""

    template_name = "customers/portal/equipment.html"
    section = "equipment"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Equipment.objects.visible_to(self.actor).select_related("product").order_by("state", "name", "pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        today = clock.now().date()
        devices: list[tuple[Any, ...]] = [
            (device, state_tone(device), bool(device.warranty_until and device.warranty_until >= today))
            for device in page
        ]
        return self.page(number=page, devices=devices, asks_url=self.asks_url)


def about(actor: Any, given: Any) -> tuple[Order | None, Equipment | None]:
    """The order and the device that `order` and `equipment` of an address or form name, of those the actor sees.

    Raises `NotFound` for another's.
    """
    order = equipment = None
    if number := given.get("order", ""):
        order = Order.objects.fetch(actor, number=_id(number))
    if pk := given.get("equipment", ""):
        equipment = Equipment.objects.fetch(actor, pk=_id(pk))
    return order, equipment


def _id(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal()) or len(raw) > 18:
        raise NotFound
    return int(raw)
