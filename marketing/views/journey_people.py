"""The people in journeys, and walking one as somebody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotFound
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView, StaffView
from crm.ui.views.generic.base import RecordView

from ..actions.enrolments import take_out
from ..choices.journeys import EnrolmentState
from ..forms.journeys import TakeOutForm, TrialForm
from ..journeys.sentences import start_sentence, step_sentence
from ..journeys.trial import walk_as
from ..lists.journeys import enrolment_tone
from ..models import Enrolment
from ..selectors.journeys import runs_of
from .journeys import RUN, SEE, JourneyRecord

#: Words for reasons that the engine gives.
_WHY = {"deleted": _("The customer or person was deleted or merged"), "ended": _("The journey was ended")}


class EnrolmentList(ListView):
    permission = SEE
    page = "enrolment"


class EnrolmentRecord(RecordView):
    """The person's time in the journey, of the address."""

    model = Enrolment
    relations = ("journey", "version", "customer", "contact", "step")


def _why(row: Any, viewer: Any) -> Any:
    return _WHY.get(row.left_why, row.left_why)


class EnrolmentDetail(EnrolmentRecord, DetailView):
    """Where somebody stands, and every step that they took."""

    permission = SEE
    template_name = "marketing/enrolment_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", enrolment_tone)),
        Field("customer", _("Customer"), lambda row, viewer: cells.link("name")(row.customer, viewer)),
        Field("journey", _("Journey"), lambda row, viewer: cells.link("name")(row.journey, viewer)),
    )
    fields = (
        Field("contact", _("Person"),
              lambda row, viewer: cells.link("name")(row.contact, viewer) if row.contact else ""),
        Field("version", _("Version"), "version.number"),
        Field("entered_at", _("Came in"), cells.moment("entered_at", short=False)),
        Field("left_at", _("Left"), cells.moment("left_at", short=False)),
        Field("why", _("Why"), _why),
    )  # fmt: skip
    verbs = (
        Verb(_("Take out"), "journeys:enrolment_out", "remove", RUN, danger=True,
             when=lambda row: row.state == EnrolmentState.INSIDE),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        row = self.object
        taken = [(run, run.step.name or step_sentence(run.step, self.actor)) for run in runs_of(row)]
        coming = row.step.name or step_sentence(row.step, self.actor) if row.step else ""
        return {"taken": taken, "coming": coming}


class EnrolmentOut(EnrolmentRecord, ActionView):
    permission = RUN
    action = take_out
    form_class = TakeOutForm
    danger = True
    title = _("Take this person out of the journey?")
    text = _("No further step is taken for them. What was sent stays sent.")
    button = _("Take out")
    done = _("They are out of the journey.")


class JourneyTry(JourneyRecord, StaffView):
    """Walking the journey as one customer: what would happen, when and why. Nothing is sent or stored."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        journey = self.record()
        version = (journey.draft if request.GET.get("version") == "draft" else None) or journey.live or journey.draft
        if version is None:
            raise NotFound
        version.journey = journey
        form = TrialForm(request.GET if "customer" in request.GET else None, actor=self.actor)
        walk = None
        if form.is_bound and form.is_valid():
            walk = walk_as(self.actor, version, form.cleaned_data["customer"], reacts=form.cleaned_data["reacts"])
        context = {
            "journey": journey, "version": version, "form": form, "walk": walk, "view": self,
            "start": start_sentence(version, self.actor),
        }  # fmt: skip
        return render(request, "marketing/journey_try.html", context)
