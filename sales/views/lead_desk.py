"""The lead desk under /settings/: pools, assignment rules, score rules, numbers and the contact form."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.core.models import Brand
from crm.core.sockets import settings_pages
from crm.ui.lists import lists
from crm.ui.views.generic import CreateView, ListView, TriesCondition, UpdateView

from ..actions import lead_desk
from ..forms import lead_desk as forms
from ..models import Lead, LeadRule, LeadSettings, Pool, ScoreRule

MANAGE = "leads.manage"


class DeskList(ListView):
    """A settings list with its one-sentence summary above it."""

    permission = MANAGE
    template_name = "sales/desk_list.html"
    settings_key: ClassVar[str]

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages[self.settings_key].summary}


class SettingsRow:
    """A row of the sales settings: afterwards back to its list."""

    permission = MANAGE
    template_name = "sales/desk_form.html"
    back: ClassVar[str]
    model: ClassVar[Any]

    def extra(self) -> dict[str, Any]:
        return {"list_url": reverse(self.back), "list_label": lists.of_model(self.model).label}  # type: ignore[union-attr]

    def url_of(self, record: Any) -> str:
        return reverse(self.back)


class _Conditional(TriesCondition):
    """Passes the author to the condition editor and tries it on recent leads."""

    trial_on = "lead"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def trial_rows(self) -> Any:
        return Lead.objects.visible_to(self.actor)


class PoolList(DeskList):
    page = "pool"
    settings_key = "pools"


class PoolCreate(SettingsRow, CreateView):
    model, form_class, action, back = Pool, forms.PoolForm, lead_desk.save_pool, "leaddesk:pool_list"


class PoolUpdate(SettingsRow, UpdateView):
    model, form_class, action, back = Pool, forms.PoolForm, lead_desk.save_pool, "leaddesk:pool_list"


class LeadRuleList(DeskList):
    page = "lead_rule"
    settings_key = "lead_rules"


class LeadRuleCreate(_Conditional, SettingsRow, CreateView):
    model, form_class, action = LeadRule, forms.LeadRuleForm, lead_desk.save_lead_rule
    back, template_name = "leaddesk:lead_rule_list", "sales/desk_rule_form.html"


class LeadRuleUpdate(_Conditional, SettingsRow, UpdateView):
    model, form_class, action = LeadRule, forms.LeadRuleForm, lead_desk.save_lead_rule
    back, template_name = "leaddesk:lead_rule_list", "sales/desk_rule_form.html"


class ScoreRuleList(DeskList):
    page = "score_rule"
    settings_key = "score_rules"


class ScoreRuleCreate(_Conditional, SettingsRow, CreateView):
    model, form_class, action = ScoreRule, forms.ScoreRuleForm, lead_desk.save_score_rule
    back, template_name = "leaddesk:score_rule_list", "sales/desk_rule_form.html"


class ScoreRuleUpdate(_Conditional, SettingsRow, UpdateView):
    model, form_class, action = ScoreRule, forms.ScoreRuleForm, lead_desk.save_score_rule
    back, template_name = "leaddesk:score_rule_list", "sales/desk_rule_form.html"


class LeadDesk(UpdateView):
    """The numbers of scoring and of the contact form."""

    permission = MANAGE
    model = LeadSettings
    form_class = forms.LeadSettingsForm
    action = lead_desk.save_lead_settings
    title = gettext_lazy("Lead desk")
    template_name = "sales/desk_form.html"

    def record(self) -> LeadSettings:
        return LeadSettings.objects.select_related("brand").get(brand=Brand.default())

    def url_of(self, record: Any) -> str:
        return reverse("leaddesk:lead_settings")

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages["lead_desk"].summary, "form_url": reverse("contact:lead_contact")}
