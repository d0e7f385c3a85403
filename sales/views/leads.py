"""Leads: list, page, entering, changing and the verbs on one lead."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import money
from crm.core.sockets import kinds
from crm.core.text import clean_line
from crm.ui.generic import cells
from crm.ui.generic.narrowing import Group
from crm.ui.lists import Viewer
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from customers.recognising.duplicates import find_duplicates

from .. import actions
from ..forms.leads import AssignForm, DiscardForm, LeadForm, LeadTalkForm, NewLeadForm, ReleaseForm, StatusForm
from ..lists.leads import status_tone
from ..models import Lead, Opportunity
from ..origins.leads import SOURCES, initial_from, source_of
from ..scores_shown import breakdown
from ..selectors.leads import (
    decision_on,
    find_same_leads,
    sees_addresses,
    shown_mail,
    shown_number,
    shown_wechat,
    spans_of,
)


def _phone(lead: Lead, viewer: Viewer) -> str:
    """The number, which calls where it is shown in full."""
    text = shown_number(viewer.actor, lead)
    if not text or not sees_addresses(viewer.actor, lead):
        return text
    return format_html('<a class="tnum" href="tel:{}">{}</a>', lead.phone, text)


def _held(lead: Lead) -> bool:
    return lead.is_open and lead.owner_id is not None


def _loose(lead: Lead) -> bool:
    return lead.is_open and lead.owner_id is None


def origin_of(actor: Any, lead: Lead) -> Model | None:
    """The record a lead was made from, if the actor may see it."""
    kind = kinds.by_code(lead.origin_kind) if lead.origin_kind else None
    if kind is None:
        return None
    rows: Any = apps.get_model(kind.model)._default_manager.all()
    found: Model | None = rows.visible_to(actor).filter(pk=lead.origin_id).first()
    return found


def _budget(row: Lead, viewer: Viewer) -> str:
    return money.shown(row.budget, row.currency) if row.budget is not None else ""


class LeadList(ListView):
    permission = "leads.view"
    page = "lead"


class LeadDetail(DetailView):
    """What is known of a lead, its score, who held it; masked for members of the pool it lies in."""

    permission = "leads.view"
    model = Lead
    watched = True
    lookup = "number"
    relations = ("owner", "pool", "department", "converted_customer", "converted_contact")
    template_name = "sales/lead_detail.html"
    timeline_groups = (
        Group(gettext_lazy("Lead"), ("leads",)),
        Group(gettext_lazy("Tasks"), ("planner",)),
    )
    headline = (
        Field("status", gettext_lazy("Status"), cells.badge("get_status_display", status_tone)),
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
        Field("pool", gettext_lazy("Pool")),
        Field("score", gettext_lazy("Score")),
        Field("returns_at", gettext_lazy("Goes back"), cells.moment("returns_at")),
    )
    fields = (
        Field("label", gettext_lazy("Number")),
        Field("company", gettext_lazy("Company")),
        Field("job_title", gettext_lazy("Job title")),
        Field("phone", gettext_lazy("Phone"), _phone),
        Field("email", gettext_lazy("Email"), lambda row, viewer: shown_mail(viewer.actor, row)),
        Field("wechat", gettext_lazy("WeChat"), lambda row, viewer: shown_wechat(viewer.actor, row)),
        Field("source", gettext_lazy("Source"), "get_source_display"),
        Field("campaign", gettext_lazy("Campaign")),
        Field("industry", gettext_lazy("Industry")),
        Field("region", gettext_lazy("Region")),
        Field("budget", gettext_lazy("Budget"), _budget),
        Field("language", gettext_lazy("Language"), lambda row, viewer: dict(settings.LANGUAGES).get(row.language, "")),
        Field("department", gettext_lazy("Department")),
        Field("last_touched_at", gettext_lazy("Last follow-up"), cells.moment("last_touched_at")),
        Field("discard_reason", gettext_lazy("Why discarded"), "get_discard_reason_display"),
        Field("discard_note", gettext_lazy("More about it")),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at")),
    )
    verbs = (
        Verb(
            gettext_lazy("Claim"), "leads:lead_claim", "assign", "leads.claim", post=True, primary=True,
            when=lambda lead: lead.in_pool,
        ),
        Verb(gettext_lazy("Convert"), "leads:lead_convert", "check", "leads.update", primary=True, when=_held),
        Verb(gettext_lazy("Log a follow-up"), "leads:lead_talk", "phone", "leads.update", when=_held),
        Verb(gettext_lazy("Edit"), "leads:lead_update", "edit", "leads.update", when=_held),
        Verb(gettext_lazy("Change status"), "leads:lead_status", "set_status", "leads.update", when=_held),
        Verb(gettext_lazy("Assign"), "leads:lead_assign", "assign", "leads.assign", when=lambda lead: lead.is_open),
        Verb(gettext_lazy("Return to the pool"), "leads:lead_release", "undo", "leads.claim", when=_held),
        Verb(gettext_lazy("Discard"), "leads:lead_discard", "close", "leads.update", danger=True, when=_held),
        Verb(gettext_lazy("Discard"), "leads:lead_discard", "close", "leads.manage", danger=True, when=_loose),
        Verb(
            gettext_lazy("Reopen"), "leads:lead_reopen", "undo", "leads.update", post=True,
            when=lambda lead: not lead.is_open,
        ),
        Verb(gettext_lazy("Delete"), "leads:lead_delete", "delete", "leads.delete", danger=True),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        lead = self.object
        origin = origin_of(self.actor, lead)
        deals = Opportunity.objects.visible_to(self.actor).filter(pk=lead.converted_opportunity_id or 0)
        return {
            "lead": lead,
            "is_masked": lead.owner_id is None and not self.actor.can("leads.manage"),
            "score": breakdown(lead),
            "spans": spans_of(lead),
            "decision": decision_on(lead),
            "origin": origin,
            "origin_url": cells.url_of(origin) if origin is not None else "",
            "deal": deals.first(),
        }


class LeadCreate(CreateView):
    """A lead entered by staff, by itself or from a ticket (`?origin=ticket-12`)."""

    permission = "leads.create"
    model = Lead
    form_class = NewLeadForm
    action = actions.create_lead
    title = gettext_lazy("New lead")
    button = gettext_lazy("Create lead")
    template_name = "sales/lead_form.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        origin = self._origin(self.request.GET.get("origin", ""))
        return initial_from(self.actor, origin) if origin is not None else {}

    def perform(self, values: dict[str, Any]) -> Any:
        values = dict(values)
        origin = self._origin(values.pop("origin", ""))
        if origin is not None:
            values["source"] = source_of(origin)
        return actions.create_lead(actor=self.actor, values=values, origin=origin)

    def answer(self, record: Any) -> HttpResponse:
        if Lead.objects.visible_to(self.actor).filter(pk=record.pk).exists():
            return super().answer(record)
        holder = record.owner.name if record.owner else record.pool
        words = {"name": record, "number": record.label, "to": holder}
        messages.success(self.request, _("%(name)s is created as %(number)s and belongs to %(to)s now.") % words)
        return redirect("leads:lead_list")

    def _origin(self, text: str) -> Model | None:
        """The record that `ticket-12` or `interaction-7` names, if the actor may see it."""
        key, _sep, pk = text.partition("-")
        if key not in SOURCES or not pk.isdecimal() or len(pk) > 18 or kinds.get(key) is None:
            return None
        rows: Any = apps.get_model(kinds[key].model)._default_manager.all()
        found: Model | None = rows.visible_to(self.actor).filter(pk=int(pk)).first()
        return found


class LeadUpdate(UpdateView):
    permission = "leads.update"
    model = Lead
    lookup = "number"
    form_class = LeadForm
    action = actions.update_lead
    record_as = "lead"
    template_name = "sales/lead_form.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class LeadDelete(ToRecycleBin, DeleteView):
    permission = "leads.delete"
    model = Lead
    lookup = "number"
    action = actions.delete_lead
    record_as = "lead"


class LeadVerb(ActionView):
    """A verb whose action takes the lead and the form's values."""

    model = Lead
    record_as = "lead"
    lookup = "number"
    relations = ("owner", "pool")


class LeadClaim(LeadVerb):
    permission = "leads.claim"
    action = actions.claim_lead
    title = gettext_lazy("Claim %(name)s?")
    button = gettext_lazy("Claim")
    done = gettext_lazy("%(name)s is yours now.")


class LeadAssign(LeadVerb):
    permission = "leads.assign"
    action = actions.assign_lead
    form_class = AssignForm
    title = gettext_lazy("Assign %(name)s")
    text = gettext_lazy("The lead moves into the new owner's department: you may no longer see it afterwards.")
    button = gettext_lazy("Assign")
    done = gettext_lazy("%(name)s is assigned.")


class LeadRelease(LeadVerb):
    permission = "leads.claim"
    action = actions.release_lead
    form_class = ReleaseForm
    title = gettext_lazy("Return %(name)s to the pool")
    text = gettext_lazy("Members of the pool can claim it then. You may no longer see it yourself.")
    button = gettext_lazy("Return to the pool")
    done = gettext_lazy("%(name)s is back in the pool.")


class LeadDiscard(LeadVerb):
    permission = "leads.update"
    action = actions.discard_lead
    form_class = DiscardForm
    title = gettext_lazy("Discard %(name)s")
    button = gettext_lazy("Discard")
    danger = True


class LeadReopen(LeadVerb):
    permission = "leads.update"
    action = actions.reopen_lead
    title = gettext_lazy("Reopen %(name)s?")
    button = gettext_lazy("Reopen")


class LeadTalk(LeadVerb):
    permission = "leads.update"
    action = actions.log_lead_talk
    form_class = LeadTalkForm
    title = gettext_lazy("Follow-up with %(name)s")
    button = gettext_lazy("Save")


class LeadStatusChange(LeadVerb):
    permission = "leads.update"
    action = actions.update_lead
    form_class = StatusForm
    title = gettext_lazy("Status of %(name)s")
    button = gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"status": self.object.status}}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.update_lead(actor=self.actor, lead=self.object, values=values)


class LeadDuplicates(StaffView):
    """GET /sales/leads/duplicates/?company=&email=&phone=: leads and customers that may be the same."""

    permission = "leads.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = {name: clean_line(request.GET.get(name, "")[:200]) for name in ("company", "email", "phone")}
        context: dict[str, Any] = {"asked": asked, "leads": [], "hits": []}
        if asked["email"] or asked["phone"]:
            context["leads"] = find_same_leads(actor=self.actor, email=asked["email"], phone=asked["phone"])
        if any(asked.values()) and self.actor.can("customers.create"):
            context["hits"] = find_duplicates(
                actor=self.actor, name=asked["company"], email=asked["email"], phone=asked["phone"]
            )
        if not self.is_fragment:
            return redirect(reverse("leads:lead_create"))
        return render(request, "sales/partials/_lead_duplicates.html", context)
