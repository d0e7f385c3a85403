"""The editor of a journey: its start, its rules, and the outline of its steps. Every button is a plain form."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.core.errors import DomainError, NotFound
from crm.core.text import row_id
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import StaffView

from ..actions import journey_steps, journey_versions, journeys
from ..actions.journeys import CLOSED
from ..choices.journeys import STEP_ICONS, StartKind, StepKind
from ..exceptions import JourneyNotEditable
from ..forms.journeys import STEP_FORMS, PublishForm, RulesForm, StartForm, StepForm
from ..journeys.checks import checks_of, shown
from ..journeys.outline import Outline
from ..journeys.sentences import start_sentence, step_sentence
from ..models import JourneyVersion, Step
from ..selectors.journeys import inside_count
from .journey_shown import outline_of
from .journeys import PREPARE, RUN, JourneyRecord, _rules


class EditorView(JourneyRecord, StaffView):
    """A page about the draft. Raises `JourneyNotEditable` where there is none."""

    permission: ClassVar[str | None] = PREPARE

    def load(self) -> JourneyVersion:
        self.object = self.record()
        draft = self.object.draft
        if draft is None:
            raise JourneyNotEditable
        draft.journey = self.object
        return draft

    def back(self, key: str = "") -> HttpResponse:
        """To the editor, where the step stands."""
        address = reverse("journeys:journey_edit", args=[self.object.pk])
        return redirect(f"{address}#step-{key}" if key else address)


class JourneyEdit(EditorView):
    """The whole draft on one page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.load()
        checks = checks_of(draft)
        problems: dict[str, list[Any]] = defaultdict(list)
        for check in checks:
            if not check.is_right:
                problems[check.place].append(check)
        context = {
            "journey": self.object, "version": draft, "view": self, "start": start_sentence(draft, self.actor),
            "rules": _rules(draft, self.actor), "inside": inside_count(self.object),
            "lines": outline_of(self.actor, draft, with_counts=False, problems=problems),
            "problems": problems, "wrong": [check for check in checks if not check.is_right],
            "kinds": [(kind.value, kind.label, STEP_ICONS[kind]) for kind in StepKind],
            "may_run": self.actor.can(RUN), "is_first": self.object.live is None,
            "is_closed": self.object.state in CLOSED,
        }  # fmt: skip
        return render(request, "marketing/journey_edit.html", context)


class FormPage(EditorView):
    """A form over a part of the draft."""

    title: ClassVar[Any] = ""
    template_name: ClassVar[str] = "marketing/journey_form.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.draft = self.load()
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.draft = self.load()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            return self.save(form)
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status)

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def save(self, form: Any) -> HttpResponse:
        journey_versions.set_version(actor=self.actor, record=self.object, values=form.cleaned_data)
        return self.back()

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        context = {"journey": self.object, "form": form, "title": self.title, "view": self, **further}
        return render(self.request, self.template_name, context, status=status)


class JourneyStart(FormPage):
    """What brings people in. The kind is in the address, so that each shows its own fields."""

    @property
    def title(self) -> Any:  # type: ignore[override]
        return _("What starts it?")

    @property
    def kind(self) -> str:
        asked = self.request.GET.get("kind", "")
        return asked if asked in StartKind.values else self.draft.start_kind

    def form(self, data: Any = None) -> StartForm:
        names = (*StartForm.OF_KIND[StartKind(self.kind)], "condition")
        return StartForm(
            data, actor=self.actor, kind=self.kind, initial={name: getattr(self.draft, name) for name in names}
        )

    def save(self, form: Any) -> HttpResponse:
        values = {**form.cleaned_data, "start_kind": self.kind}
        journey_versions.set_version(actor=self.actor, record=self.object, values=values)
        return self.back()

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        kinds = [
            {"label": kind.label, "url": f"?kind={kind.value}", "is_current": kind.value == self.kind}
            for kind in StartKind
        ]
        return super().page(form, status, kinds=kinds)


class JourneyRules(FormPage):
    @property
    def title(self) -> Any:  # type: ignore[override]
        return _("Who comes in again, and who leaves early?")

    def form(self, data: Any = None) -> RulesForm:
        return RulesForm(data, actor=self.actor, instance=JourneyVersion.objects.get(pk=self.draft.pk))


class StepAdd(EditorView):
    """A new step at a place of the outline; then its form."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load()
        sent = request.POST
        step = journey_steps.add_step(
            actor=self.actor, record=self.object, kind=sent.get("kind", ""), parent=sent.get("parent", ""),
            way=sent.get("way", ""), place=row_id(sent.get("place", "")),
        )  # fmt: skip
        if step.kind == StepKind.LEAVE:
            return self.back(step.key)
        return redirect("journeys:step_update", pk, step.key)


class StepPage(FormPage):
    """One step's form, by its kind."""

    def load(self) -> JourneyVersion:
        draft = super().load()
        found = Outline(draft).by_key.get(self.kwargs["key"])
        if found is None:
            raise NotFound
        self.step: Step = found
        return draft


class StepUpdate(StepPage):
    template_name = "marketing/journey_step.html"

    @property
    def title(self) -> Any:  # type: ignore[override]
        return self.step.get_kind_display()

    def form(self, data: Any = None) -> StepForm:
        return STEP_FORMS[StepKind(self.step.kind)](data, actor=self.actor, step=self.step)

    def save(self, form: Any) -> HttpResponse:
        journey_steps.change_step(
            actor=self.actor, record=self.object, key=self.step.key, values=_for_step(self.step, form.values())
        )
        if "mail" in self.request.POST:
            return self.to_mail()
        return self.back(self.step.key)

    def to_mail(self) -> HttpResponse:
        mail = journey_steps.edit_mail(actor=self.actor, record=self.object, key=self.step.key)
        return redirect("marketing:campaign_content", mail.pk)

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        number = next((row.number for row in Outline(self.draft).rows() if row.step.pk == self.step.pk), "")
        return super().page(form, status, step=self.step, number=shown(number))


def _for_step(step: Step, values: dict[str, Any]) -> dict[str, Any]:
    """Times of day as text, since settings are JSON."""
    settings = values.get("settings")
    if step.kind == StepKind.WAIT and settings and settings.get("time"):
        settings["time"] = settings["time"].isoformat("minutes")
    return values


class StepMove(StepPage):
    """One place up or down, or, as dragging does, to a place."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load()
        sent = request.POST
        if "to" in sent:
            journey_steps.move_step(actor=self.actor, record=self.object, key=self.step.key, up=sent["to"] == "up")
        else:
            journey_steps.place_step(
                actor=self.actor, record=self.object, key=self.step.key, parent=sent.get("parent", ""),
                way=sent.get("way", ""), place=row_id(sent.get("place", "")) or 0,
            )  # fmt: skip
        return self.back(self.step.key)


class StepRemove(StepPage):
    """Asks, and says what goes with it."""

    template_name = "ui/generic/verb.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.draft = self.load()
        below = len(Outline(self.draft).below(self.step)) - 1
        text = ngettext("%(count)s step on its paths goes too.", "%(count)s steps on its paths go too.", below)
        context = {
            "form": None, "record": self.object, "title": _("Remove this step?"), "button": _("Remove"),
            "text": f"{step_sentence(self.step, self.actor)} {text % {'count': below} if below else ''}",
            "danger": True, "back": reverse("journeys:journey_edit", args=[self.object.pk]), "view": self,
        }  # fmt: skip
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load()
        journey_steps.remove_step(actor=self.actor, record=self.object, key=self.step.key)
        messages.success(request, _("The step is removed."))
        return self.back()


class JourneyCheckPage(FormPage):
    """What stands in the way, whom it is about, and the button that makes it live."""

    permission = RUN
    template_name = "marketing/journey_check.html"

    @property
    def title(self) -> Any:  # type: ignore[override]
        if self.object.live is None:
            return _("Ready to start?")
        return _("Start it again?") if self.object.state in CLOSED else _("Make the new version live?")

    def form(self, data: Any = None) -> PublishForm:
        return PublishForm(data, inside=inside_count(self.object))

    def save(self, form: Any) -> HttpResponse:
        move = form.cleaned_data.get("move") == "move"
        try:
            journeys.publish_journey(actor=self.actor, record=self.object, move=move)
        except DomainError as error:
            messages.error(self.request, str(error))
            return redirect("journeys:journey_check", self.object.pk)
        messages.success(self.request, _("“%(name)s” is live.") % {"name": self.object})
        return redirect("journeys:journey_detail", self.object.pk)

    def page(self, form: Any, status: int = 200, **further: Any) -> HttpResponse:
        checks = checks_of(self.draft)
        return super().page(
            form, status, checks=checks, right=sum(check.is_right for check in checks),
            may_start=all(check.is_right or not check.blocks for check in checks), inside=inside_count(self.object),
            start=start_sentence(self.draft, self.actor), is_first=self.object.live is None,
            is_closed=self.object.state in CLOSED,
        )  # fmt: skip
