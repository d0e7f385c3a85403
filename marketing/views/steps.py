"""The steps of a campaign: audience, content, schedule, checks. Each saves a draft that can be left at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.blocks import merge
from crm.blocks.editing import BlockEditor
from crm.blocks.values import Place
from crm.core.errors import DomainError, NotFound
from crm.core.translated import Translated
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import StaffView

from .. import actions
from ..choices.campaigns import MAILS, CampaignState
from ..designs import designs_for
from ..exceptions import NotEditable
from ..forms.campaigns import AudienceForm, ScheduleForm, StartForm, WordsForm, typed_schedule
from ..models import Campaign
from ..rendering import ROOTS, mail_place
from ..selectors.checks import checks_of
from ..selectors.journeys import journey_of
from .campaigns import PREPARE, SEND, CampaignRecord, next_step
from .shown import audience_bars

#: Above this many people the number is typed before a campaign starts.
TYPE_ABOVE = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the stepper."""

    label: Any
    url: str
    is_done: bool
    is_current: bool


_LABELS = {
    "audience": gettext_lazy("Audience"), "content": gettext_lazy("Content"),
    "schedule": gettext_lazy("Schedule"), "check": gettext_lazy("Check and start"),
}  # fmt: skip


def steps_of(campaign: Campaign, current: str) -> list[Step]:
    """The steps of this kind of campaign."""
    if campaign.is_step:
        return []
    names = list(_LABELS) if campaign.channel else ["content", "check"]
    at = names.index(current)
    return [
        Step(_LABELS[name], reverse(f"marketing:campaign_{name}", args=[campaign.pk]), place < at, place == at)
        for place, name in enumerate(names)
    ]


class StepView(CampaignRecord, StaffView):
    """One step: a form over some fields of the draft."""

    permission: ClassVar[str | None] = PREPARE
    step: ClassVar[str]
    template_name: ClassVar[str] = "marketing/steps/form.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load()
        return self.page(self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            actions.update_campaign(actor=self.actor, record=self.object, values=self.values(form))
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status)
        return self.go_on()

    def load(self) -> None:
        """The draft. Raises `NotEditable` for one that is no draft any more."""
        self.object = self.record()
        if not self.object.is_editable or (self.object.is_step and self.step != "content"):
            raise NotEditable

    @property
    def journey(self) -> Any:
        """The journey whose mail it is; None for a campaign."""
        return journey_of(self.actor, self.object) if self.object.is_step else None

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def values(self, form: Any) -> dict[str, Any]:
        """What the step changes."""
        return dict(form.cleaned_data)

    def go_on(self) -> HttpResponse:
        """To the next step, or to the page where somebody only saves."""
        if self.journey is not None:
            messages.success(self.request, _("Saved."))
            return redirect("journeys:journey_edit", self.journey.pk)
        if "save" in self.request.POST:
            messages.success(self.request, _("Saved."))
            return redirect("marketing:campaign_detail", self.object.pk)
        return redirect(next_step(self.object, self.step), self.object.pk)

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        context = {
            "campaign": self.object, "form": form, "steps": steps_of(self.object, self.step), "view": self,
            "title": _LABELS[self.step], "journey": self.journey, **further,
        }  # fmt: skip
        return render(self.request, self.template_name, context, status=status)


class AudienceStep(StepView):
    step = "audience"
    template_name = "marketing/steps/audience.html"

    def form(self, data: Any = None) -> AudienceForm:
        return AudienceForm(data, instance=Campaign.objects.get(pk=self.object.pk), actor=self.actor)

    def go_on(self) -> HttpResponse:
        actions.count_audience(actor=self.actor, record=self.object)
        if "count" in self.request.POST:
            return redirect("marketing:campaign_audience", self.object.pk)
        return super().go_on()

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        return super().page(form, status, audience=audience_bars(self.object))


class ContentStep(StepView):
    """Subject and blocks of a mail; the words of a text message or post."""

    step = "content"
    template_name = "marketing/steps/content.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load()
        form = self.form(request.POST)
        if not self.has_blocks:
            return super().post(request, pk)
        if "design" in request.POST:
            return self.begin_with(request.POST["design"])
        editor = BlockEditor.sent(request.POST, request.FILES, self.place, actor=self.actor)
        if editor.command:
            return self.page(form, editor=editor)
        good = form.is_valid()
        if not editor.is_valid() or not good:
            return self.page(form, 422, editor=editor)
        try:
            actions.update_campaign(
                actor=self.actor, record=self.object, values={**form.cleaned_data, "content": editor.content}
            )
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status, editor=editor)
        return self.go_on()

    def begin_with(self, key: str) -> HttpResponse:
        """The editor with a design in it; a subject that was typed stays. Raises `NotFound`."""
        design = next((design for design in designs_for(self.object.kind) if design.key == key), None)
        if design is None:
            raise NotFound
        form = self.form(self.request.POST)
        if not any(form["subject"].value() or ()):
            form = self.form()
            form.initial["subject"] = Translated(design.subject)
        return self.page(form, editor=BlockEditor(design.content, self.place))

    @property
    def has_blocks(self) -> bool:
        return self.object.kind in MAILS

    @property
    def place(self) -> Place:
        return mail_place(self.object)

    def form(self, data: Any = None) -> WordsForm:
        names = ("subject", "body", "place", "starts_at", "link")
        return WordsForm(data, campaign=self.object, initial={name: getattr(self.object, name) for name in names})

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        if self.has_blocks:
            further.setdefault("editor", BlockEditor(self.object.content, self.place))
        read = self.object.brand.languages
        return super().page(form, status, has_blocks=self.has_blocks, words=merge.offered(ROOTS),
                            languages=[pair for pair in settings.LANGUAGES if pair[0] in read],
                            designs=designs_for(self.object.kind), **further)  # fmt: skip


class ScheduleStep(StepView):
    step = "schedule"

    def form(self, data: Any = None) -> ScheduleForm:
        return ScheduleForm(data, initial=typed_schedule(self.object))

    def values(self, form: Any) -> dict[str, Any]:
        return {name: form.cleaned_data[name] for name in ("send_at", "timezone")}


class CheckStep(StepView):
    """What stands in the way, how many get it, and the button that starts it."""

    permission = SEND
    step = "check"
    template_name = "marketing/steps/check.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            row = actions.schedule_campaign(actor=self.actor, record=self.object)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("marketing:campaign_check", pk)
        messages.success(request, _said(row))
        return redirect("marketing:campaign_detail", pk)

    def form(self, data: Any = None) -> StartForm:
        chosen = self.object.audience.get("chosen", 0)
        return StartForm(data, asks=chosen if chosen > TYPE_ABOVE else 0)

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        found = checks_of(self.object)
        context = {
            "checks": found, "right": sum(check.is_right for check in found),
            "may_start": all(check.is_right or not check.blocks for check in found),
            "audience": audience_bars(self.object), "chosen": self.object.audience.get("chosen", 0),
        }  # fmt: skip
        return super().page(form, status, **context)


class CampaignCount(CampaignRecord, StaffView):
    """Counts the audience anew."""

    permission = PREPARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.record()
        actions.count_audience(actor=self.actor, record=campaign)
        messages.success(request, _("The audience is counted."))
        return redirect("marketing:campaign_check" if campaign.is_editable else "marketing:campaign_detail", pk)


def _said(campaign: Campaign) -> str:
    said = {
        CampaignState.APPROVAL: _("“%(name)s” waits for approval."),
        CampaignState.SENT: _("“%(name)s” counts as published. Enter what networks report."),
    }
    return said.get(CampaignState(campaign.state), _("“%(name)s” is on the schedule.")) % {"name": campaign.name}
