"""A deal's page, and making, changing and deleting it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import money
from crm.ui.generic import cells
from crm.ui.generic.narrowing import Group
from crm.ui.lists import Viewer
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, UpdateView
from customers.links import record_named, sources_of
from customers.models import Customer

from .. import actions
from ..cells import days_text, next_step, stage_tone
from ..forms.opportunities import CollaboratorsForm, HandOverForm, NoteForm, OpportunityForm, OpportunityUpdateForm
from ..models import Opportunity
from ..origins import opportunities as origins
from ..selectors.opportunities import next_tasks, steps_of
from ..staleness import days_in_stage, staleness
from .sending import at_a_glance

#: Panels of the customer that a deal has of its own.
_OWN_PANELS = ("quotes.", "contracts.customer")


class OpportunityList(ListView):
    permission = "opportunities.view"
    page = "opportunity"
    template_name = "sales/opportunity_list.html"


def _amount(row: Opportunity, viewer: Viewer) -> str:
    return money.shown(row.amount, row.currency)


def _customer(row: Opportunity, viewer: Viewer) -> Any:
    return cells.link("name")(row.customer, viewer)


def _contact(row: Opportunity, viewer: Viewer) -> Any:
    return cells.link("name")(row.contact, viewer) if row.contact else ""


def _won_at(row: Opportunity, viewer: Viewer) -> Any:
    return cells.moment("won_at")(row, viewer) if row.won_at else ""


def _is_open(row: Opportunity) -> bool:
    return row.is_open


class OpportunityDetail(DetailView):
    """Everything about one deal, and what other departments know of its customer."""

    permission = "opportunities.view"
    model = Opportunity
    lookup = "number"
    relations = ("customer", "contact", "owner", "department", "stage", "pipeline", "lost_reason")
    template_name = "sales/opportunity_detail.html"
    timeline_groups = (
        Group(gettext_lazy("Opportunity"), ("opportunities",)),
        Group(gettext_lazy("Tasks"), ("planner",)),
    )
    headline = (
        Field("amount", gettext_lazy("Amount"), _amount),
        Field("stage", gettext_lazy("Stage"), cells.badge("stage", stage_tone)),
        Field("expected_close", gettext_lazy("Expected close"), lambda row, viewer: date_format(row.expected_close)),
        Field("chance", gettext_lazy("Win probability"), lambda row, viewer: f"{row.chance}%"),
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
    )
    fields = (
        Field("label", gettext_lazy("Number")),
        Field("customer", gettext_lazy("Customer"), _customer),
        Field("contact", gettext_lazy("Contact"), _contact),
        Field("pipeline", gettext_lazy("Pipeline")),
        Field("source", gettext_lazy("Source"), "get_source_display"),
        Field("department", gettext_lazy("Department")),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at")),
        Field("won_at", gettext_lazy("Won"), _won_at),
        Field("lost_reason", gettext_lazy("Lost reason")),
        Field("lost_note", gettext_lazy("What happened")),
        Field("note", gettext_lazy("Note")),
    )  # fmt: skip
    verbs = (
        Verb(gettext_lazy("Won"), "sales:opportunity_win", "trophy", "opportunities.update", primary=True,
             when=_is_open),
        Verb(gettext_lazy("Lost"), "sales:opportunity_lose", "reject", "opportunities.update", when=_is_open),
        Verb(gettext_lazy("Reopen"), "sales:opportunity_reopen", "undo", "opportunities.update",
             when=lambda row: not row.is_open),
        Verb(gettext_lazy("Edit"), "sales:opportunity_update", "edit", "opportunities.update"),
        Verb(gettext_lazy("Products"), "sales:opportunity_lines", "product", "opportunities.update", when=_is_open),
        Verb(gettext_lazy("Add note"), "sales:opportunity_note", "note", "opportunities.update"),
        Verb(gettext_lazy("Collaborators"), "sales:opportunity_collaborators", "assign", "opportunities.update"),
        Verb(gettext_lazy("Hand over"), "sales:opportunity_hand_over", "transfer", "opportunities.update"),
        Verb(gettext_lazy("Delete"), "sales:opportunity_delete", "delete", "opportunities.delete", danger=True),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        deal, actor = self.object, self.actor
        task = next_tasks(actor, [deal.pk]).get(deal.pk)
        return {
            "deal": deal,
            "steps": steps_of(deal),
            "days": days_text(days_in_stage(deal)),
            "stale": staleness(deal),
            "step": next_step(task),
            "has_step": task is not None,
            "lines": [
                (line, money.shown(line.unit_price, deal.currency), money.shown(line.gross, deal.currency))
                for line in deal.lines.select_related("product")
            ],
            "collaborators": [row.user for row in deal.collaborators.select_related("user")],
            "origins": [(row, row._meta.verbose_name, cells.url_of(row)) for row in sources_of(actor, deal)],
            **at_a_glance(actor, deal.customer, _OWN_PANELS),
        }


class OpportunityCreate(CreateView):
    """A new deal; `?from=ticket:4711` makes it from a record, of whose customer it then is."""

    permission = "opportunities.create"
    model = Opportunity
    form_class = OpportunityForm
    action = actions.create_opportunity
    title = gettext_lazy("New opportunity")
    button = gettext_lazy("Create opportunity")

    @cached_property
    def origin(self) -> Model | None:
        return record_named(self.actor, self.request.GET.get("from", ""), origins.SOURCES)

    @property
    def customer(self) -> Customer | None:
        if self.origin is None:
            return None
        return self.origin if isinstance(self.origin, Customer) else self.origin.customer  # type: ignore[attr-defined,no-any-return]

    @property
    def back_url(self) -> str:
        return cells.url_of(self.origin) if self.origin is not None else self.list_url

    @property
    def back_label(self) -> Any:
        return self.origin or self.list_label

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "customer": self.customer}

    def initial(self) -> dict[str, Any]:
        if self.origin is None:
            return {}
        contact = getattr(self.origin, "contact_id", None)
        name = str(getattr(self.origin, "subject", ""))[:200]
        return {
            "customer": self.customer.pk if self.customer else None, "contact": contact, "name": name,
            "source": origins.source_of(self.origin),
        }  # fmt: skip

    def perform(self, values: dict[str, Any]) -> Any:
        origin = self.origin if self.origin is not None and values.get("customer") == self.customer else None
        return actions.create_opportunity(actor=self.actor, values={**values, "origin": origin})


class OpportunityUpdate(UpdateView):
    permission = "opportunities.update"
    model = Opportunity
    lookup = "number"
    form_class = OpportunityUpdateForm
    action = actions.update_opportunity
    record_as = "opportunity"


class OpportunityDelete(ToRecycleBin, DeleteView):
    permission = "opportunities.delete"
    model = Opportunity
    lookup = "number"
    action = actions.delete_opportunity
    record_as = "opportunity"


class OpportunityVerb(ActionView):
    """A verb on one deal."""

    permission = "opportunities.update"
    model = Opportunity
    record_as = "opportunity"
    lookup = "number"
    relations = ("stage", "customer")


class OpportunityNote(OpportunityVerb):
    action, form_class = actions.add_note, NoteForm
    title, button = gettext_lazy("Add a note to %(name)s"), gettext_lazy("Add note")


class OpportunityCollaborators(OpportunityVerb):
    action, form_class = actions.set_collaborators, CollaboratorsForm
    title, button = gettext_lazy("Collaborators of %(name)s"), gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"users": list(self.object.collaborators.values_list("user_id", flat=True))}}


class OpportunityHandOver(OpportunityVerb):
    action, form_class = actions.hand_over, HandOverForm
    title, button = gettext_lazy("Hand %(name)s over"), gettext_lazy("Hand over")
    text = gettext_lazy(
        "It moves to the colleague's department. If it leaves your data scope, you will no longer see it."
    )
    done = gettext_lazy("%(name)s is handed over.")
