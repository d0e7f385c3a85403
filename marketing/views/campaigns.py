"""Campaigns for staff: list, page, verbs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from crm.blocks.content import languages_missing
from crm.blocks.editing import BlockEditor
from crm.blocks.rendering import DARK_ONLY
from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import money
from crm.core.errors import NotFound
from crm.messaging.sms.parts import parts_of
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DeleteView, DetailView, ListView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..choices.campaigns import CampaignKind, CampaignState
from ..forms.campaigns import (
    CostForm,
    NewCampaignForm,
    ParticipantForm,
    PostResultForm,
    PreviewForm,
    PropertiesForm,
    TestForm,
)  # fmt: skip
from ..lists.campaigns import tone
from ..models import Campaign, CampaignCost, Participant
from ..rendering import Links, mail_for, mail_place, text_for, when_text
from ..selectors.journeys import journey_of
from .copying import CopyView
from .shown import audience_bars, results_of

SEE, PREPARE, SEND = "campaigns.view", "campaigns.create", "campaigns.send"


class CampaignList(ListView):
    permission = SEE
    page = "campaign"


class RecipientList(ListView):
    permission = SEE
    page = "recipient"


class CampaignRecord(RecordView):
    """The campaign of the address."""

    model = Campaign
    relations = ("brand", "owner", "topic")


def _in(*states: str) -> Any:
    return lambda row: row.state in states and not row.is_step


class CampaignDetail(CampaignRecord, DetailView):
    """What it says, whom it reaches, what came of it."""

    permission = SEE
    template_name = "marketing/campaign_detail.html"
    headline = (
        Field("state", gettext_lazy("State"), cells.badge("get_state_display", tone)),
        Field("kind", gettext_lazy("Kind"), "get_kind_display"),
        Field("send_at", gettext_lazy("Send at"), cells.moment("send_at", short=False)),
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
    )
    fields = (
        Field("code", gettext_lazy("Code in addresses"), "code"),
        Field("topic", gettext_lazy("Topic"), "topic"),
        Field("goal", gettext_lazy("What it shall bring"), "goal"),
        Field("budget", gettext_lazy("Budget"), lambda row, viewer: money.shown(row.budget, row.currency)),
        Field("place", gettext_lazy("Place"), "place"),
        Field("starts_at", gettext_lazy("Begins"), lambda row, viewer: when_text(row)),
        Field("answers", gettext_lazy("Answers become"), "get_answers_become_display"),
        Field("window", gettext_lazy("Days in which a sale is credited"), "window_days"),
        Field("sent_at", gettext_lazy("Sent"), cells.moment("sent_at", short=False)),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at", short=False)),
    )
    verbs = (
        Verb(gettext_lazy("Review and start"), "marketing:campaign_check", "send", SEND, primary=True,
             when=_in(CampaignState.DRAFT)),
        Verb(gettext_lazy("Pause"), "marketing:campaign_pause", "pause", SEND, post=True,
             when=_in(CampaignState.SENDING)),
        Verb(gettext_lazy("Resume"), "marketing:campaign_resume", "play", SEND, post=True, primary=True,
             when=_in(CampaignState.PAUSED)),
        Verb(gettext_lazy("Off the schedule"), "marketing:campaign_unschedule", "undo", SEND, post=True,
             when=_in(CampaignState.SCHEDULED)),
        Verb(gettext_lazy("Preview"), "marketing:campaign_preview", "reveal", SEE,
             when=lambda row: bool(row.channel)),
        Verb(gettext_lazy("Send a test"), "marketing:campaign_test", "forward", PREPARE,
             when=lambda row: bool(row.channel) and row.state != CampaignState.CANCELLED),
        Verb(gettext_lazy("Edit"), "marketing:campaign_audience", "edit", PREPARE,
             when=lambda row: row.is_editable and bool(row.channel) and not row.is_step),
        Verb(gettext_lazy("Write the email"), "marketing:campaign_content", "edit", PREPARE,
             when=lambda row: row.is_step and row.is_editable),
        Verb(gettext_lazy("Properties"), "marketing:campaign_update", "settings", PREPARE),
        Verb(gettext_lazy("Enter a cost"), "marketing:cost_create", "payment", PREPARE),
        Verb(gettext_lazy("Enter a result"), "marketing:result_create", "report", PREPARE,
             when=lambda row: row.kind == CampaignKind.SOCIAL and row.has_results),
        Verb(gettext_lazy("Add a participant"), "marketing:participant_create", "assign", PREPARE,
             when=lambda row: row.kind == CampaignKind.EVENT),
        Verb(gettext_lazy("Copy"), "marketing:campaign_copy", "copy", PREPARE, post=True,
             when=lambda row: not row.is_step),
        Verb(gettext_lazy("Close"), "marketing:campaign_finish", "done", SEND, when=_in(CampaignState.SENT)),
        Verb(gettext_lazy("Cancel the campaign"), "marketing:campaign_cancel", "close", SEND, danger=True,
             when=_in(CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED)),
        Verb(gettext_lazy("Delete"), "marketing:campaign_delete", "delete", PREPARE, danger=True,
             when=lambda row: row.is_editable and not row.is_step),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        campaign = self.object
        return {
            "audience": audience_bars(campaign),
            "results": results_of(self.actor, campaign) if campaign.has_results else None,
            "costs": list(campaign.costs.all()),
            "participants": self._participants(campaign) if campaign.kind == CampaignKind.EVENT else [],
            "posts": list(campaign.post_results.all()),
            "may_prepare": self.actor.can(PREPARE),
            "is_going": campaign.state == CampaignState.SENDING,
            "journey": journey_of(self.actor, campaign) if campaign.is_step else None,
        }  # fmt: skip

    def _participants(self, campaign: Campaign) -> list[Participant]:
        """The latest of those whom the viewer may know."""
        rows = campaign.participants.visible_to(self.actor).select_related("contact", "customer")
        return list(rows.order_by("-pk")[:50])


class CampaignCreate(CreateView):
    permission = PREPARE
    model = Campaign
    form_class = NewCampaignForm
    action = actions.create_campaign
    title = gettext_lazy("New campaign")
    button = gettext_lazy("Save and go on")

    def initial(self) -> dict[str, Any]:
        return {"kind": CampaignKind.MAIL, "currency": self.request.ui and Campaign().currency}  # type: ignore[attr-defined]

    def answer(self, record: Any) -> HttpResponse:
        return redirect(next_step(record, "new"), record.pk)


def next_step(campaign: Campaign, after: str) -> str:
    """The address of the step that comes after one; a post has no audience and no time."""
    names = ["new", "content", "check"] if not campaign.channel else ["new", "audience", "content", "schedule", "check"]
    return f"marketing:campaign_{names[min(names.index(after) + 1, len(names) - 1)]}"


class CampaignUpdate(CampaignRecord, UpdateView):
    permission = PREPARE
    form_class = PropertiesForm
    action = actions.update_campaign

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in PropertiesForm.Meta.fields}


class CampaignVerb(CampaignRecord, ActionView):
    """A verb that needs nothing but the record, unless a form says more."""


class CampaignUnschedule(CampaignVerb):
    permission = SEND
    action = actions.unschedule_campaign
    title = gettext_lazy("Take “%(name)s” off the schedule?")
    done = gettext_lazy("“%(name)s” is a draft again.")


class CampaignPause(CampaignVerb):
    permission = SEND
    action = actions.pause_campaign
    title = gettext_lazy("Pause “%(name)s”?")
    done = gettext_lazy("“%(name)s” is paused. What no mail server has yet is taken back.")


class CampaignResume(CampaignVerb):
    permission = SEND
    action = actions.resume_campaign
    title = gettext_lazy("Resume “%(name)s”?")
    done = gettext_lazy("“%(name)s” goes on.")


class CampaignCancel(CampaignVerb):
    permission = SEND
    action = actions.cancel_campaign
    danger = True
    title = gettext_lazy("Cancel “%(name)s”?")
    text = gettext_lazy("Nobody else gets it. What was sent stays sent, and its results go on.")
    button = gettext_lazy("Cancel the campaign")
    done = gettext_lazy("“%(name)s” is cancelled.")


class CampaignFinish(CampaignVerb):
    permission = SEND
    action = actions.finish_campaign
    title = gettext_lazy("Close “%(name)s”?")
    text = gettext_lazy("It leaves the campaigns under way. Late clicks and sales still count.")
    button = gettext_lazy("Close")
    done = gettext_lazy("“%(name)s” is closed.")


class CampaignCopy(CampaignRecord, CopyView):
    permission = PREPARE
    action = actions.copy_campaign


class CampaignDelete(CampaignRecord, ToRecycleBin, DeleteView):
    permission = PREPARE
    action = actions.delete_campaign


class CampaignTest(CampaignVerb):
    permission = PREPARE
    action = actions.send_test
    form_class = TestForm
    title = gettext_lazy("Send a test of “%(name)s”")
    text = gettext_lazy("One message, at once, to any address. Nothing of it is counted.")
    button = gettext_lazy("Send the test")
    done = gettext_lazy("The test of “%(name)s” is on its way.")

    def form_kwargs(self) -> dict[str, Any]:
        language = self.request.ui.language  # type: ignore[attr-defined]
        return {"actor": self.actor, "initial": {"to": self.request.user.email, "language": language}}  # type: ignore[union-attr]


class CampaignPreview(CampaignRecord, StaffView):
    """The message as anybody of the customers would get it, its languages side by side, with the plain text."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = self.record()
        form, contact, look = _looked_at(self)
        links, names = Links(self.object.brand.base_url), dict(settings.LANGUAGES)
        is_sms = self.object.kind == CampaignKind.SMS
        shown = []
        for code in self.object.brand.languages:
            query = urlencode({"language": code, "contact": contact.pk if contact else "", "look": look})
            entry: dict[str, Any] = {"code": code, "name": names[code], "query": query}
            if is_sms:
                text = text_for(self.object, contact, code, links)
                entry |= {"text": text, "parts": parts_of(text).count}
            else:
                mail = mail_for(self.object, contact, code, links)
                unwritten = not self.object.subject.get(code) or languages_missing(self.object.content, [code])
                entry |= {"subject": mail.subject, "text": mail.text, "is_unwritten": bool(unwritten)}
            shown.append(entry)
        context = {"campaign": self.object, "form": form, "view": self, "is_sms": is_sms, "shown": shown}
        return render(request, "marketing/campaign_preview.html", context)


@method_decorator(xframe_options_sameorigin, name="dispatch")
class CampaignPreviewMail(CampaignRecord, StaffView):
    """The mail alone, for the frame of the preview: its own styles, no script, no form. `?look=dark` as in the dark.

    GET what is saved; POST what the editor holds now, which is kept nowhere.
    """

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.object = self.record()
        return self.mail()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.actor.require(PREPARE)
        self.object = self.record()
        self.object.content = BlockEditor.seen(request.POST, mail_place(self.object))
        return self.mail()

    def mail(self) -> HttpResponse:
        """The mail as it stands on the record."""
        request = self.request
        _form, contact, look = _looked_at(self)
        asked = request.GET.get("language", "")
        language = asked if asked in self.object.brand.languages else self.object.brand.language
        html = mail_for(self.object, contact, language, Links(self.object.brand.base_url)).html
        if look == "dark":
            html = html.replace(DARK_ONLY, "@media all")
        response = HttpResponse(html)
        response["Content-Security-Policy"] = (
            "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
        )
        return response


def _looked_at(view: Any) -> tuple[PreviewForm, Any, str]:
    """The form, the person chosen in it, and the look."""
    form = PreviewForm(view.request.GET or None, actor=view.actor)
    if not form.is_bound or not form.is_valid():
        return form, None, ""
    return form, form.cleaned_data["contact"], form.cleaned_data["look"]


class CostCreate(CampaignVerb):
    permission = PREPARE
    action = actions.add_cost
    form_class = CostForm
    title = gettext_lazy("Enter a cost of “%(name)s”")
    button = gettext_lazy("Save")
    done = gettext_lazy("The cost of “%(name)s” is entered.")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.add_cost(actor=self.actor, record=self.object, values=values)


class CostRemove(StaffView):
    permission = PREPARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, cost: int) -> HttpResponse:
        row = CampaignCost.objects.visible_to(self.actor).filter(pk=cost, campaign=pk).first()
        if row is None:
            raise NotFound
        actions.remove_cost(actor=self.actor, cost=row)
        messages.success(request, _("The cost is removed."))
        return redirect("marketing:campaign_detail", pk)


class ResultCreate(CampaignVerb):
    permission = PREPARE
    action = actions.enter_result
    form_class = PostResultForm
    title = gettext_lazy("What a network reports of “%(name)s”")
    text = gettext_lazy("Entering the same network and day again replaces it.")
    button = gettext_lazy("Save")
    done = gettext_lazy("The result of “%(name)s” is entered.")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.enter_result(actor=self.actor, record=self.object, values=values)


class ParticipantCreate(CampaignVerb):
    permission = PREPARE
    action = actions.add_participant
    form_class = ParticipantForm
    title = gettext_lazy("Add a participant of “%(name)s”")
    button = gettext_lazy("Add")
    done = gettext_lazy("The participant of “%(name)s” is added.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class ParticipantCame(StaffView):
    """Whether somebody came: one click each way."""

    permission = PREPARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, participant: int) -> HttpResponse:
        row = Participant.objects.visible_to(self.actor).filter(pk=participant, campaign=pk).first()
        if row is None:
            raise NotFound
        actions.note_attendance(actor=self.actor, participant=row, came=request.POST.get("came") == "1")
        return redirect("marketing:campaign_detail", pk)
