"""Converting a lead: which customer and contact it becomes, and the deal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import TooMany
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView
from customers.models import Contact
from customers.recognising.duplicates import Hit, find_duplicates

from ..actions import convert_lead
from ..choices.leads import LeadStatus
from ..forms.leads import ConvertForm
from ..models import Lead, Opportunity

#: Contacts of the suggested customers that the form offers.
CONTACTS = 50


class LeadConvert(ActionView):
    """GET suggests customer and contact by address and name; POST makes or links all of it at once."""

    permission = "leads.update"
    model = Lead
    lookup = "number"
    relations = ("owner", "pool")
    action = convert_lead
    form_class = ConvertForm
    title = gettext_lazy("Convert %(name)s")
    button = gettext_lazy("Convert")
    template_name = "sales/lead_convert.html"

    def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        if self.object.status == LeadStatus.CONVERTED:
            return redirect(self.url_of(self.object))
        return super().get(request, **kwargs)

    @cached_property
    def hits(self) -> list[Hit]:
        """Customers that may be the same; none beyond the hourly number of looks."""
        lead = self.object
        if not self.actor.can("customers.create"):
            return []
        try:
            return find_duplicates(actor=self.actor, name=lead.company or lead.name, email=lead.email, phone=lead.phone)
        except TooMany:
            return []

    @cached_property
    def same_people(self) -> list[Contact]:
        """Visible contacts with the lead's mail address or phone number."""
        values = [value for value in (self.object.email, self.object.phone) if value]
        rows = Contact.objects.visible_to(self.actor).filter(identities__value__in=values, identities__deleted_at=None)
        return list(rows.select_related("customer").order_by("pk").distinct()[:CONTACTS])

    def form_kwargs(self) -> dict[str, Any]:
        lead, seen = self.object, [hit.customer for hit in self.hits if hit.customer is not None]
        people = {person.pk for person in self.same_people}
        others = Contact.objects.visible_to(self.actor).filter(customer__in=seen)
        people |= set(others.values_list("pk", flat=True)[:CONTACTS])
        person = self.same_people[0] if self.same_people else None
        certain = next((hit.customer for hit in self.hits if hit.certain and hit.customer is not None), None)
        initial = {
            "contact": person,
            "customer": person.customer if person else certain,
            "customer_name": lead.company or lead.name,
            "has_deal": True,
            "deal_name": _("%(name)s – first order") % {"name": lead.company or lead.name},
            "amount": lead.budget,
        }
        return {"actor": self.actor, "lead": lead, "contacts": sorted(people), "initial": initial}

    def make_form(self) -> Any:
        self.form = super().make_form()
        return self.form

    def perform(self, values: dict[str, Any]) -> Any:
        self.converted = convert_lead(
            actor=self.actor, lead=self.object, customer=values["customer"], contact=values["contact"],
            customer_name=values["customer_name"], opportunity=self.form.opportunity,
        )  # fmt: skip
        return self.converted

    def answer(self) -> HttpResponse:
        """On to the opportunity, where the work goes on; without one back to the lead, or to the customer."""
        messages.success(self.request, _("%(name)s is converted.") % {"name": self.object})
        made = self.converted.converted_opportunity_id or 0
        deal = Opportunity.objects.visible_to(self.actor).filter(pk=made).first()
        if deal is not None:
            return redirect(cells.url_of(deal))
        if Lead.objects.visible_to(self.actor).filter(pk=self.object.pk).exists():
            return redirect(self.url_of(self.object))
        return redirect(cells.url_of(self.converted.converted_customer))

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "record": self.object, "lead": self.object, "hits": self.hits,
            "title": str(self.title) % {"name": self.object}, "button": self.button,
            "back": self.url_of(self.object), "view": self,
        }  # fmt: skip
        return render(self.request, self.template_name, context, status=status)
