"""What staff decide about the portal: whether there is one, and how far a contact sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.models import Brand
from crm.core.sockets import settings_pages
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView, StaffView

from .. import actions
from ..choices import PortalReach
from ..forms.portal import PortalAccessForm, PortalSettingsForm
from ..models import Contact
from ..portals.visits import settings_of


class PortalSetUp(StaffView):
    """GET, POST /settings/portal/."""

    permission = "customers.portal"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(PortalSettingsForm(instance=settings_of(Brand.default())))

    def post(self, request: HttpRequest) -> HttpResponse:
        brand = Brand.default()
        form = PortalSettingsForm(request.POST, instance=settings_of(brand))
        if not form.is_valid():
            return self.page(form, status=422)
        actions.save_portal_settings(actor=self.actor, brand=brand, **form.cleaned_data)
        messages.success(request, _("The customer portal is saved."))
        return redirect("portal:settings")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        entry = settings_pages["portal"]
        context = {"form": form, "title": entry.label, "summary": entry.summary, "button": _("Save")}
        return render(self.request, "customers/portal_settings.html", context, status=status)


class ContactPortal(ActionView):
    """How far a person sees in the portal, or not at all."""

    permission = "customers.update"
    model = Contact
    relations = ("customer", "portal_access")
    action = actions.set_portal_access
    form_class = PortalAccessForm
    title = gettext_lazy("What %(name)s sees in the customer portal")
    button = gettext_lazy("Save access")

    def form_kwargs(self) -> dict[str, Any]:
        access = getattr(self.object, "portal_access", None)
        return {"initial": {"reach": access.reach if access else PortalReach.OWN}}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.set_portal_access(actor=self.actor, contact=self.object, reach=values["reach"])

    def url_of(self, record: Any) -> str:
        return cells.url_of(self.object)
