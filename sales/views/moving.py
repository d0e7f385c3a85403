"""Moving, winning and losing a deal; the board asks for the same as the pages do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from crm.core.errors import Invalid

from .. import actions
from ..forms.opportunities import LoseForm, MoveForm, WinForm
from .opportunities import OpportunityVerb


class Moving(OpportunityVerb):
    """Afterwards back to where it was asked, the board with its filters or the deal."""

    def answer(self) -> HttpResponse:
        to = self.request.POST.get("next") or self.request.GET.get("next") or ""
        here = {self.request.get_host()}
        if to and url_has_allowed_host_and_scheme(to, here, require_https=self.request.is_secure()):
            return redirect(to)
        return super().answer()

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"was": self.request.GET.get("was") or self.object.stage_id}}


class OpportunityMove(Moving):
    """GET asks for the stage; POST moves. The board's own requests get the reason of a refusal as an error."""

    action, form_class = actions.move_stage, MoveForm
    title, button = gettext_lazy("Move %(name)s"), gettext_lazy("Move")

    def form_kwargs(self) -> dict[str, Any]:
        return {"deal": self.object}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "next" not in request.POST:
            return super().post(request, **kwargs)
        self.object = self.record()
        form = self.make_form()
        if not form.is_valid():
            raise Invalid(next(iter(form.errors.values()))[0])
        self.perform(form.cleaned_data)
        return self.answer()


class OpportunityWin(Moving):
    action, form_class = actions.win_opportunity, WinForm
    title, button = gettext_lazy("%(name)s is won?"), gettext_lazy("Mark as won")
    text = gettext_lazy("It counts as won today, with its present amount.")
    done = gettext_lazy("%(name)s is won.")


class OpportunityLose(Moving):
    action, form_class = actions.lose_opportunity, LoseForm
    title, button = gettext_lazy("Why was %(name)s lost?"), gettext_lazy("Mark as lost")
    danger = True


class OpportunityReopen(Moving):
    action = actions.reopen_opportunity
    title, button = gettext_lazy("Reopen %(name)s?"), gettext_lazy("Reopen")
    text = gettext_lazy("It goes back to the stage it stood in before it ended.")
