"""The suppression list for staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DetailView, ListView

from .. import actions
from ..forms.suppression import LiftForm, SuppressionForm
from ..models import Suppression

KEEP = "campaigns.suppress"


class SuppressionList(ListView):
    permission = KEEP
    page = "suppression"


class SuppressionDetail(DetailView):
    permission = KEEP
    model = Suppression
    relations = ("campaign", "added_by")
    headline = (
        Field("channel", _("Channel"), "get_channel_display"),
        Field("reason", _("Reason"), "get_reason_display"),
        Field("created_at", _("Added"), cells.moment("created_at", short=False)),
    )
    fields = (
        Field("note", _("Note"), "note"),
        Field("campaign", _("Campaign"), "campaign.name"),
        Field("added_by", _("Added by"), "added_by.name"),
    )
    verbs = (Verb(_("Take off the list"), "marketing:suppression_lift", "restore", KEEP, primary=True),)


class SuppressionCreate(CreateView):
    permission = KEEP
    model = Suppression
    form_class = SuppressionForm
    action = actions.add_suppression
    title = _("Add an address")
    button = _("Add")

    def answer(self, record: Any) -> HttpResponse:
        return redirect("marketing:suppression_list")


class SuppressionLift(ActionView):
    permission = KEEP
    model = Suppression
    action = actions.lift_suppression
    form_class = LiftForm
    title = _("Take %(name)s off the list")
    text = _("Campaigns reach the address again, as far as its person agreed to them.")
    button = _("Take off the list")
    done = _("%(name)s is off the suppression list.")
