"""Pages and verbs of meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.errors import Conflict
from crm.ui import html
from crm.ui.generic import cells as shown
from crm.ui.generic.cells import url_of
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions, cells
from ..actions.invitations import host_of, span_words, when_words
from ..choices import Answer
from ..forms.meetings import CancelForm, DeclineForm, MeetingForm, OutcomeForm, facts_of, typed
from ..ics import CANCEL, REQUEST, event
from ..meetings import Guest, clash_words, clashes
from ..models import Meeting, MeetingAttendee, MeetingProposal
from ..subjects import by_code, subjects
from .tasks import record_named


def _is_open(row: Meeting) -> bool:
    return not row.is_cancelled and row.held_at is None


class MeetingPage(RecordView):
    """The meeting of the address, with its record."""

    model = Meeting
    relations = ("organizer",)

    def rows(self) -> Any:
        return super().rows().with_subjects(self.actor)


_TONES = {Answer.ACCEPTED: "success", Answer.TENTATIVE: "warning", Answer.DECLINED: "danger"}


def _people(row: Meeting, viewer: Any) -> Any:
    """Everybody's name, guests with what they answered."""
    seats = row.attendees.select_related("user").order_by("pk")
    return format_html_join(", ", "{}{}", ((seat.shown_name, _answer(seat)) for seat in seats))


def _proposals(row: Meeting, viewer: Any) -> Any:
    """Other times that guests propose, each with its two answers."""
    found = row.open_proposals if _is_open(row) else []
    return format_html_join("", "<p>{}</p>", ((_proposal(row, each, viewer),) for each in found))


def _proposal(row: Meeting, proposal: MeetingProposal, viewer: Any) -> Any:
    when = span_words(row, proposal.starts_at, proposal.ends_at)
    words = format_html(' <span class="t2">{}</span>', proposal.text) if proposal.text else ""
    answers = format_html(
        ' <a class="btn btn-sm" href="{}">{}</a> <a class="btn btn-sm" href="{}">{}</a>',
        reverse("planner:proposal_accept", args=[proposal.pk]), _t("Accept"),
        reverse("planner:proposal_decline", args=[proposal.pk]), _t("Decline"),
    ) if viewer.actor.can("planner.work") else ""  # fmt: skip
    return format_html("{}: <b>{}</b>{}{}", proposal.seat.shown_name, when, words, answers)


def _answer(seat: MeetingAttendee) -> Any:
    if seat.user_id is not None:
        return ""
    return format_html(" {}", html.badge(seat.get_answer_display(), _TONES.get(Answer(seat.answer), "neutral")))


def _state(row: Meeting, viewer: Any) -> Any:
    if row.is_cancelled:
        return html.badge(_t("Cancelled"), "danger", "close")
    if row.held_at is not None:
        return html.badge(_t("Held"), "success", "done")
    if row.wants_outcome:
        return html.badge(_t("Outcome missing"), "warning", "note")
    return html.badge(_t("Planned"), "info", "calendar")


def _link(row: Meeting, viewer: Any) -> Any:
    return format_html('<a class="app-link" href="{}" rel="noopener">{}</a>', row.link, row.link) if row.link else ""


class MeetingDetail(MeetingPage, DetailView):
    permission = "planner.view"
    headline = (
        Field("when", _("When"), lambda row, viewer: when_words(row)),
        Field("state", _("State"), _state),
        Field("about", _("About"), cells.subject),
    )
    fields = (
        Field("proposals", _("Proposed instead"), _proposals),
        Field("place", _("Place")),
        Field("link", _("Link"), _link),
        Field("people", _("Takes part"), _people),
        Field("organizer", _("Organizer"), shown.person("organizer")),
        Field("notes", _("Agenda")),
        Field("outcome", _("Outcome")),
    )
    verbs = (
        Verb(_("Note the outcome"), "planner:meeting_outcome", "note", "planner.work", primary=True,
             when=lambda row: _is_open(row) and row.starts_at <= clock.now()),
        Verb(_("Edit"), "planner:meeting_update", "edit", "planner.work", when=_is_open),
        Verb(_("Calendar file"), "planner:meeting_file", "download", "planner.view"),
        Verb(_("Call off"), "planner:meeting_cancel", "close", "planner.work", danger=True, when=_is_open),
        Verb(_("Delete"), "planner:meeting_delete", "delete", "planner.work", danger=True),
    )  # fmt: skip


class _Clashing:
    """Who is taken is said first; "anyway" plans it all the same. Guests come from the record and the typed lines."""

    template_name = "planner/meeting_form.html"
    is_clashing = False

    def about(self) -> Any:
        raise NotImplementedError

    @cached_property
    def offered(self) -> list[tuple[Guest, str]]:
        record = self.about()
        declared = subjects.get(kind_of(record).key) if record is not None else None
        return list(declared.guests(self.actor, record)) if declared is not None else []  # type: ignore[attr-defined]

    def check(self, values: dict[str, Any], leave_out: int | None = None) -> dict[str, Any]:
        """The facts for the action. Raises `Conflict` with who is taken."""
        facts = facts_of(values)
        if "anyway" not in self.request.POST:  # type: ignore[attr-defined]
            found = clashes(list(values.get("users") or ()), facts["starts_at"], facts["ends_at"], leave_out=leave_out)
            if found:
                self.is_clashing = True
                zone = timezone.get_current_timezone()
                raise Conflict(" ".join(clash_words(clash, zone) for clash in found))
        return facts

    def guests_of(self, values: dict[str, Any]) -> list[Guest]:
        chosen = [self.offered[int(place)][0] for place in values.get("offered") or ()]
        return [*chosen, *(values.get("others") or ())]


class MeetingCreate(_Clashing, CreateView):
    """A meeting; `?about=opportunity:12` says which record it is about, `?day=2026-11-23` when."""

    permission = "planner.work"
    model = Meeting
    form_class = MeetingForm
    action = actions.add_meeting
    title = _("New meeting")
    button = _("Plan the meeting")

    def about(self) -> Any:
        name = self.request.POST.get("about") or self.request.GET.get("about", "")
        return record_named(self.actor, name)

    def form_kwargs(self) -> dict[str, Any]:
        return {"guests": self.offered}

    def initial(self) -> dict[str, Any]:
        now = timezone.localtime(clock.now())
        day = _day(self.request.GET.get("day", "")) or now.date()
        start = (now + dt.timedelta(hours=1)).replace(minute=0) if day == now.date() else now.replace(hour=10, minute=0)
        return {"day": day, "start": start.time().replace(second=0, microsecond=0), "users": [self.request.user.pk]}

    def perform(self, values: dict[str, Any]) -> Any:
        facts = self.check(values)
        return actions.add_meeting(
            actor=self.actor, values=facts, users=list(values["users"]), guests=self.guests_of(values),
            subject=self.about(),
        )  # fmt: skip

    @property
    def back_url(self) -> str:
        record = self.about()
        return url_of(record) if record is not None else reverse("planner:calendar")

    @property
    def back_label(self) -> Any:
        return self.about() or pgettext_lazy("appointments", "Calendar")


class MeetingUpdate(_Clashing, MeetingPage, UpdateView):
    permission = "planner.work"
    form_class = MeetingForm
    action = actions.change_meeting

    def about(self) -> Any:
        declared = by_code(self.object.kind)
        return declared.rows(self.actor).filter(pk=self.object.object_id).first() if declared is not None else None

    def form_kwargs(self) -> dict[str, Any]:
        return {"guests": self.offered, "minutes": self.object.minutes}

    def initial(self) -> dict[str, Any]:
        seats = list(self.object.attendees.all())
        places = {guest.email.lower(): str(place) for place, (guest, _shown) in enumerate(self.offered)}
        outside = [seat for seat in seats if seat.user_id is None]
        lines = [
            f"{seat.name} <{seat.email}>" if seat.name else seat.email for seat in outside if seat.email not in places
        ]
        return {
            **typed(self.object), "users": [seat.user_id for seat in seats if seat.user_id is not None],
            "offered": [places[seat.email] for seat in outside if seat.email in places], "others": "\n".join(lines),
        }  # fmt: skip

    def perform(self, values: dict[str, Any]) -> Any:
        """Only what changed arrives; the rest is as it was shown."""
        seats = list(self.object.attendees.select_related("user"))
        users = values.get("users", [seat.user for seat in seats if seat.user is not None])
        full = {**self.initial(), **values, "users": list(users)}
        if "others" not in values:
            known = {guest.email.lower() for guest, _shown in self.offered}
            typed_seats = [seat for seat in seats if seat.user is None and seat.email not in known]
            full["others"] = [Guest(seat.name, seat.email, seat.language) for seat in typed_seats]
        return actions.change_meeting(
            actor=self.actor, meeting=self.object, values=self.check(full, leave_out=self.object.pk),
            users=full["users"], guests=self.guests_of(full),
        )  # fmt: skip


class MeetingVerb(MeetingPage, ActionView):
    permission = "planner.work"
    record_as = "meeting"


class MeetingCancel(MeetingVerb):
    action = actions.cancel_meeting
    form_class = CancelForm
    title, button, danger = _("Call off “%(name)s”?"), _("Call off"), True
    text = _("Guests get a cancellation by mail, colleagues are told.")
    done = _("“%(name)s” is called off.")


class MeetingOutcome(MeetingVerb):
    action = actions.note_outcome
    form_class = OutcomeForm
    title, button = _("What came of “%(name)s”?"), _("Save")
    done = _("The outcome of “%(name)s” is noted.")

    def answer(self) -> HttpResponse:
        """What comes next is a task: the record's page offers it."""
        messages.info(self.request, _t("Is there a next step? Add it as a task."))
        record = getattr(self.object, "subject", None)
        return redirect(url_of(record if record is not None else self.object))


class ProposalVerb(ActionView):
    """An answer to another time that a guest proposes; afterwards back to the meeting."""

    permission = "planner.work"
    model = MeetingProposal
    relations = ("seat__meeting", "seat__user")
    record_as = "proposal"

    def url_of(self, record: Any) -> str:
        return reverse("planner:meeting_detail", args=[record.seat.meeting_id])

    def answer(self) -> HttpResponse:
        return redirect(self.url_of(self.object))


class ProposalAccept(ProposalVerb):
    action = actions.accept_proposal
    title, button = _("Move the meeting to the time that %(name)s proposes?"), _("Move the meeting")
    done = _("The meeting is moved. Everybody gets the new time.")

    @property
    def text(self) -> str:  # type: ignore[override]
        """When, and who is taken then."""
        row, meeting = self.object, self.object.seat.meeting
        users = [seat.user for seat in meeting.attendees.select_related("user") if seat.user is not None]
        found = clashes(users, row.starts_at, row.ends_at, leave_out=meeting.pk)
        said = [clash_words(clash, timezone.get_current_timezone()) for clash in found]
        return " ".join([span_words(meeting, row.starts_at, row.ends_at), *said]).replace("%", "%%")


class ProposalDecline(ProposalVerb):
    action, form_class = actions.decline_proposal, DeclineForm
    title, button = _("Decline the time that %(name)s proposes?"), _("Decline")
    text = _("The meeting stays as planned; the guest is told by mail.")
    done = _("The meeting stays as planned. %(name)s is told.")


class MeetingDelete(MeetingPage, DeleteView):
    permission = "planner.work"
    action = actions.delete_meeting
    record_as = "meeting"
    success_url_name = "planner:calendar"


class MeetingFile(MeetingPage):
    """GET: the meeting for one's own calendar."""

    permission = "planner.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        method = CANCEL if row.is_cancelled else REQUEST
        own = [seat for seat in row.attendees.select_related("user") if seat.user_id == self.actor.user_id]
        text = event(row, organizer=host_of(row), attendees=own, method=method, now=clock.now())
        response = HttpResponse(text, content_type=f"text/calendar; charset=utf-8; method={method}")
        response["Content-Disposition"] = f'attachment; filename="meeting-{row.pk}.ics"'
        return response


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
