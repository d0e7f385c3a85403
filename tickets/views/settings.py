"""The service desk under /settings/: types, statuses, promises, agents, matrix, numbers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.calendars.words import duration_text
from crm.conditions.language import parse
from crm.conditions.sentences import sentence
from crm.conditions.trial import dry_run
from crm.core.errors import DomainError
from crm.core.models import Brand
from crm.core.sockets import settings_pages
from crm.ui.generic.form_errors import show_error
from crm.ui.lists import lists
from crm.ui.rules import last_change_of
from crm.ui.views.generic import CreateView, DetailView, ListView, StaffView, TriesCondition, UpdateView

from ..actions import desk
from ..choices import Priority
from ..forms import settings as forms
from ..models import (
    AgentProfile,
    PriorityRule,
    RequestType,
    ServiceSettings,
    Skill,
    SlaPolicy,
    Status,
    Ticket,
)

MANAGE = "tickets.manage"


class DeskList(ListView):
    """A settings list with its one-sentence summary above it."""

    permission = MANAGE
    template_name = "tickets/settings_list.html"
    settings_key: ClassVar[str]

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages[self.settings_key].summary}


class DeskCreate(CreateView):
    permission = MANAGE
    template_name = "tickets/settings_form.html"
    back: ClassVar[str]

    def extra(self) -> dict[str, Any]:
        return {"list_url": reverse(self.back), "list_label": lists.of_model(self.model).label}  # type: ignore[union-attr]

    def url_of(self, record: Any) -> str:
        return reverse(self.back)


class DeskUpdate(UpdateView):
    permission = MANAGE
    template_name = "tickets/settings_form.html"
    back: ClassVar[str]

    def extra(self) -> dict[str, Any]:
        return {"list_url": reverse(self.back), "list_label": lists.of_model(self.model).label}  # type: ignore[union-attr]

    def url_of(self, record: Any) -> str:
        return reverse(self.back)


class RequestTypeList(DeskList):
    page = "request_type"
    settings_key = "request_types"


class RequestTypeCreate(DeskCreate):
    model, form_class, action = RequestType, forms.RequestTypeForm, desk.save_request_type
    back = "desk:request_type_list"

    def url_of(self, record: Any) -> str:
        return reverse("desk:request_type_detail", args=[record.pk])


class RequestTypeUpdate(DeskUpdate):
    model, form_class, action = RequestType, forms.RequestTypeForm, desk.save_request_type
    back = "desk:request_type_list"

    def url_of(self, record: Any) -> str:
        return reverse("desk:request_type_detail", args=[record.pk])


class StatusList(DeskList):
    page = "status"
    settings_key = "statuses"


class StatusCreate(DeskCreate):
    model, form_class, action = Status, forms.StatusForm, desk.save_status
    back = "desk:status_list"


class StatusUpdate(DeskUpdate):
    model, form_class, action = Status, forms.StatusForm, desk.save_status
    back = "desk:status_list"


class SkillList(DeskList):
    page = "skill"
    settings_key = "skills"


class SkillCreate(DeskCreate):
    model, form_class, action = Skill, forms.SkillForm, desk.save_skill
    back = "desk:skill_list"


class SkillUpdate(DeskUpdate):
    model, form_class, action = Skill, forms.SkillForm, desk.save_skill
    back = "desk:skill_list"


class AgentList(DeskList):
    page = "agent_profile"
    settings_key = "agents"


class AgentCreate(DeskCreate):
    model, form_class, action = AgentProfile, forms.AgentProfileForm, desk.save_agent_profile
    back = "desk:agent_profile_list"


class AgentUpdate(DeskUpdate):
    model, form_class, action = AgentProfile, forms.AgentProfileForm, desk.save_agent_profile
    back = "desk:agent_profile_list"


class SlaPolicyList(DeskList):
    page = "sla_policy"
    settings_key = "sla"


class SlaPolicyDetail(DetailView):
    """What the policy promises, as a sentence, and which of the latest tickets it would hold for."""

    permission = MANAGE
    model = SlaPolicy
    relations = ("calendar",)
    template_name = "tickets/sla_policy.html"

    def extra(self) -> dict[str, Any]:
        policy = self.object
        trial = None
        if policy.condition:
            condition = parse(policy.condition, on="ticket", author=self.actor, stored=True)
            recent = Ticket.objects.visible_to(self.actor).select_related("status", "customer").order_by("-pk")
            trial = dry_run(condition, recent, limit=100)
        return {
            "policy": policy,
            "sentence": sentence(policy.condition, on="ticket", viewer=self.actor) if policy.condition else "",
            "trial": trial,
            "targets": target_rows(policy),
        }


class _SlaForm:
    """Passes the author to the condition editor, tries it on recent tickets and gathers the times."""

    trial_on = "ticket"

    actor: Any
    object: Any

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def trial_rows(self) -> Any:
        return Ticket.objects.visible_to(self.actor).select_related("status", "customer")

    def gathered(self, form: Any) -> dict[str, Any]:
        values = {name: form.cleaned_data[name] for name in forms.SlaPolicyForm.Meta.fields}
        return {**values, "targets": form.targets()}


class SlaPolicyCreate(_SlaForm, TriesCondition, DeskCreate):
    model, form_class, action = SlaPolicy, forms.SlaPolicyForm, desk.save_sla_policy
    back = "desk:sla_policy_list"
    template_name = "tickets/sla_form.html"

    def write(self, form: Any) -> Any:
        return desk.save_sla_policy(actor=self.actor, values=self.gathered(form))


class SlaPolicyUpdate(_SlaForm, TriesCondition, DeskUpdate):
    model, form_class, action = SlaPolicy, forms.SlaPolicyForm, desk.save_sla_policy
    back = "desk:sla_policy_list"
    template_name = "tickets/sla_form.html"

    def perform(self, values: dict[str, Any]) -> Any:
        """Only what the person changed; what a colleague set meanwhile stays, single times too."""
        changed = {name: value for name, value in values.items() if name in forms.SlaPolicyForm.Meta.fields}
        times = {name: value for name, value in values.items() if name not in changed}
        if times:
            targets = {priority: dict(measures) for priority, measures in self.object.targets.items()}
            for name, minutes in times.items():
                measure, _sep, priority = name.rpartition("_")
                targets.setdefault(priority, {})[measure] = minutes
            kept = {key: {name: value for name, value in row.items() if value} for key, row in targets.items()}
            changed["targets"] = {key: row for key, row in kept.items() if row}
        return desk.save_sla_policy(actor=self.actor, values=changed, record=self.object)


class MatrixView(StaffView):
    """Which priority an impact and an urgency make."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        stored = {f"cell_{rule.impact}_{rule.urgency}": rule.priority for rule in PriorityRule.objects.all()}
        return self.page(forms.MatrixForm(initial=stored))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.MatrixForm(request.POST)
        if form.is_valid():
            try:
                settings = ServiceSettings.objects.get(brand=Brand.default())
                desk.save_matrix(actor=self.actor, cells=form.cells(), brand_settings=settings)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _("The priority matrix is saved."))
                return redirect("desk:matrix")
        return self.page(form, status=422)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "title": _("Priority matrix"), "button": _("Save")}
        context["summary"] = settings_pages["matrix"].summary
        context["changed"] = last_change_of(ServiceSettings.objects.get(brand=Brand.default()), "service_settings")
        return render(self.request, "tickets/matrix.html", context, status=status)


class DeskSettings(UpdateView):
    """The desk's own numbers."""

    permission = MANAGE
    model = ServiceSettings
    form_class = forms.ServiceSettingsForm
    action = desk.save_settings
    title = gettext_lazy("Service desk")
    template_name = "tickets/settings_form.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def record(self) -> ServiceSettings:
        return ServiceSettings.objects.select_related("brand").get(brand=Brand.default())

    def url_of(self, record: Any) -> str:
        return reverse("desk:service_settings")

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages["service_desk"].summary}


def target_rows(policy: SlaPolicy) -> list[dict[str, Any]]:
    """The promised business time by priority in words, most urgent first; "" promises nothing."""

    def words(priority: Priority, measure: str) -> str:
        minutes = policy.target_minutes(priority, measure)
        return duration_text(minutes * 60, days=False) if minutes else ""

    return [
        {
            "priority": priority.label,
            "first_response": words(priority, "first_response"),
            "resolution": words(priority, "resolution"),
        }
        for priority in reversed(Priority)
    ]
