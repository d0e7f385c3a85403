"""Journeys for staff: list, page with figures, verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.console.views.recycle_bin import ToRecycleBin
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from ..actions import journey_versions, journeys
from ..actions.bin import delete_journey
from ..choices.journeys import JourneyState
from ..forms.journeys import EndForm, JourneyForm, NewJourneyForm
from ..journeys.changes import changes_between
from ..journeys.sentences import reentry_sentence, rule_sentence, start_sentence
from ..lists.journeys import tone
from ..models import Journey
from ..selectors.journeys import counts_of, inside_by_version, inside_count, versions_of
from .copying import CopyView
from .journey_shown import outline_of, side_of, tiles_of

SEE, PREPARE, RUN = "journeys.view", "journeys.create", "journeys.run"


class JourneyList(ListView):
    permission = SEE
    page = "journey"


class JourneyRecord(RecordView):
    """The journey of the address."""

    model = Journey
    relations = ("brand", "owner")


def _in(*states: str) -> Any:
    return lambda row: row.state in states


class JourneyDetail(JourneyRecord, DetailView):
    """Its steps with the people at each, what it brought, and its history."""

    permission = SEE
    template_name = "marketing/journey_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", tone)),
        Field("started_at", _("Started"), cells.moment("started_at", short=False)),
        Field("owner", _("Owner"), cells.person("owner")),
    )
    fields = (
        Field("goal", _("What it shall bring"), "goal"),
        Field("timezone", _("Time zone"), "timezone"),
        Field("created_at", _("Created"), cells.moment("created_at", short=False)),
        Field("ended_at", _("Ended"), cells.moment("ended_at", short=False)),
    )
    verbs = (
        Verb(_("Check and start"), "journeys:journey_check", "play", RUN, primary=True,
             when=_in(JourneyState.DRAFT)),
        Verb(_("Resume"), "journeys:journey_resume", "play", RUN, primary=True, when=_in(JourneyState.PAUSED)),
        Verb(_("Edit"), "journeys:journey_begin", "edit", PREPARE, post=True,
             when=_in(JourneyState.DRAFT, JourneyState.LIVE, JourneyState.PAUSED)),
        Verb(_("Start again with a new version"), "journeys:journey_begin", "play", PREPARE, post=True,
             when=lambda row: row.state in journeys.CLOSED),
        Verb(_("Walk as a customer"), "journeys:journey_try", "contact", SEE),
        Verb(_("Versions"), "journeys:journey_versions", "history", SEE),
        Verb(_("Properties"), "journeys:journey_update", "settings", PREPARE),
        Verb(_("Copy"), "journeys:journey_copy", "copy", PREPARE, post=True),
        Verb(_("Pause"), "journeys:journey_pause", "pause", RUN,
             when=_in(JourneyState.LIVE)),
        Verb(_("End"), "journeys:journey_end", "stop", RUN, danger=True,
             when=_in(JourneyState.LIVE, JourneyState.PAUSED, JourneyState.RUNNING_OUT)),
        Verb(_("Delete"), "journeys:journey_delete", "delete", PREPARE, danger=True, when=_in(JourneyState.DRAFT)),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        journey, viewer = self.object, self.actor
        live, draft = journey.live, journey.draft
        version, counts = live or draft, counts_of(viewer, journey)
        return {
            "version": version, "draft": draft if live is not None else None,
            "tiles": tiles_of(journey, counts), "start": start_sentence(version, viewer),
            "rules": _rules(version, viewer), "lines": outline_of(viewer, version),
            "elsewhere": _elsewhere(journey, version), "may_prepare": viewer.can(PREPARE),
            "is_orphan": journey.owner is None or not journey.owner.is_active,
            "side": side_of(viewer, journey, version, counts),
        }  # fmt: skip


def _rules(version: Any, viewer: Any) -> list[tuple[Any, str]]:
    """The rules that are set, in words."""
    found = [(_("Coming in again"), reentry_sentence(version))]
    found.append((_("Goal"), rule_sentence(version.goal_rule, viewer)))
    found.append((_("People leave when"), rule_sentence(version.exit_rule, viewer)))
    return [(label, words) for label, words in found if words]


def _elsewhere(journey: Journey, version: Any) -> int:
    """How many people walk an earlier version."""
    return sum(count for pk, count in inside_by_version(journey).items() if pk != version.pk)


class JourneyCreate(CreateView):
    permission = PREPARE
    model = Journey
    form_class = NewJourneyForm
    action = journeys.create_journey
    title = _("New journey")
    button = _("Save and go on")

    def answer(self, record: Any) -> HttpResponse:
        return redirect("journeys:journey_edit", record.pk)


class JourneyUpdate(JourneyRecord, UpdateView):
    permission = PREPARE
    form_class = JourneyForm
    action = journeys.update_journey

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in JourneyForm.Meta.fields}


class JourneyBegin(JourneyRecord, StaffView):
    """To the editor, with a new version of a live journey if none is being changed."""

    permission = PREPARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        journey_versions.begin_version(actor=self.actor, record=self.record())
        return redirect("journeys:journey_edit", pk)


class JourneyVerb(JourneyRecord, ActionView):
    """A verb whose confirmation tells how many people it is about."""

    permission = RUN

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        count = inside_count(self.object)
        inside = ngettext("%(count)s person is inside.", "%(count)s people are inside.", count) % {"count": count}
        context = {
            "form": form, "record": self.object, "title": str(self.title) % {"name": self.object},
            "text": f"{inside} {self.text}", "button": self.button, "danger": self.danger,
            "back": self.url_of(self.object), "view": self,
        }  # fmt: skip
        return render(self.request, self.template_name, context, status=status)


class JourneyPause(JourneyVerb):
    action = journeys.pause_journey
    title = _("Pause “%(name)s”?")
    text = _("They stay where they are, and nobody comes in, until you resume it. Emails on their way still arrive.")
    button = _("Pause")
    done = _("“%(name)s” is paused.")


class JourneyResume(JourneyVerb):
    action = journeys.resume_journey
    title = _("Resume “%(name)s”?")
    text = _("They go on from where they are; whoever is overdue goes on at once.")
    button = _("Resume")
    done = _("“%(name)s” goes on.")


class JourneyEnd(JourneyVerb):
    action = journeys.end_journey
    form_class = EndForm
    danger = True
    title = _("End “%(name)s”?")
    text = _("Nobody new comes in, unless you start it again later with a new version.")
    button = _("End the journey")
    done = _("“%(name)s” takes nobody in any more.")


class JourneyCopy(JourneyRecord, CopyView):
    permission = PREPARE
    action = journey_versions.copy_journey


class JourneyDelete(JourneyRecord, ToRecycleBin, DeleteView):
    permission = PREPARE
    action = delete_journey


class JourneyDiscard(JourneyRecord, ActionView):
    permission = PREPARE
    action = journey_versions.discard_version
    danger = True
    title = _("Discard the changes of “%(name)s”?")
    text = _("The live version stays as it is.")
    button = _("Discard")
    done = _("The changes of “%(name)s” are gone.")


class JourneyVersions(JourneyRecord, StaffView):
    """Every version with what changed, who made it live, and how many people are inside."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        journey = self.record()
        found, inside = versions_of(journey), inside_by_version(journey)
        rows = []
        for place, version in enumerate(found):
            version.journey = journey
            before = found[place + 1] if place + 1 < len(found) else None
            changes = changes_between(before, version) if before is not None else []
            rows.append((version, changes, inside.get(version.pk, 0)))
        return render(request, "marketing/journey_versions.html", {"journey": journey, "rows": rows, "view": self})


class JourneyVersionDetail(JourneyRecord, StaffView):
    """The outline of one version, with the people who are inside it."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        journey = self.record()
        version = next((row for row in versions_of(journey) if row.number == number), None)
        if version is None:
            return redirect("journeys:journey_versions", pk)
        version.journey = journey
        context = {
            "journey": journey, "version": version, "start": start_sentence(version, self.actor), "view": self,
            "rules": _rules(version, self.actor), "lines": outline_of(self.actor, version),
        }  # fmt: skip
        return render(request, "marketing/journey_version.html", context)
