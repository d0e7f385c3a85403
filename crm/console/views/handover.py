"""A leaver's hand-over: what there is, who takes it, how far it is, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.errors import DomainError
from crm.jobs.models import Job
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import ActionView, RecordView

from ..actions.handover import start_hand_over, undo_hand_over
from ..forms.handover import HandOverForm
from ..selectors.handover import KIND, hand_overs_of, has_ended, holdings_of, undo_until

MANAGE = "console.manage_staff"


class HandOverView(RecordView):
    """GET and POST /settings/users/<pk>/hand-over/: counts first, then who takes what."""

    permission = MANAGE
    model = User

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.make_form(self.record()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.record()
        form = self.make_form(user, request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            job = start_hand_over(
                actor=self.actor,
                record=user,
                targets=form.targets(),
                suspend=form.cleaned_data.get("suspend", False),
            )
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)
        return redirect("console:hand_over_detail", job.pk)

    def make_form(self, user: User, data: Any = None) -> HandOverForm:
        self.object, self.holdings = user, holdings_of(self.actor, user)
        return HandOverForm(data, actor=self.actor, user=user, holdings=self.holdings)

    def page(self, form: HandOverForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "record": self.object,
            "is_empty": not any(holding.count for holding in self.holdings),
            "earlier": hand_overs_of(self.actor, self.object),
            "back": reverse("console:user_detail", args=[self.object.pk]),
        }
        return render(self.request, "console/hand_over.html", context, status=status)


class _HandOverJob(RecordView):
    permission = MANAGE
    model = Job

    def rows(self) -> Any:
        return super().rows().filter(kind=KIND)

    def url_of(self, record: Any) -> str:
        return reverse("console:hand_over_detail", args=[record.pk])


class HandOverJobView(_HandOverJob):
    """GET /settings/hand-overs/<pk>/: progress, what stayed and why, and the button that takes it back."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.record()
        context = {
            "job": job,
            "is_over": has_ended(job),
            "done_count": job.done - job.skipped_count,
            "hidden_reasons": max(0, job.skipped_count - len(job.skipped)),
            "undo_until": undo_until(job),
            "undone_by": job.result.get("undone_by"),
            "leaver": User.objects.visible_to(self.actor).filter(pk=job.params["user"]).first(),
        }
        return render(request, "console/hand_over_job.html", context)


class HandOverUndoView(_HandOverJob, ActionView):
    """GET and POST /settings/hand-overs/<pk>/undo/."""

    action = undo_hand_over
    title = _("Undo: %(name)s?")
    text = _(
        "Every record goes back to whom it came from, unless somebody has changed its holder since. "
        "If the hand-over suspended the user, they can sign in again."
    )
    button = _("Undo the hand-over")

    def perform(self, values: dict[str, Any]) -> Any:
        self.undo = undo_hand_over(actor=self.actor, record=self.object)

    def answer(self) -> HttpResponse:
        return redirect("ui:job_detail", self.undo.pk)
