"""Pages of approvals, and of the flows under the settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError, NotFound
from crm.core.sockets import kinds, settings_pages
from crm.ui.generic import cells
from crm.ui.generic.cells import url_of
from crm.ui.generic.form_errors import show_error
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView
from crm.ui.views.generic.base import RecordView

from . import actions, forms
from .declarations import approvables
from .lists import tone
from .models import Approval, ApprovalFlow
from .selectors import described, may_decide, steps_of, subject_of

DECIDE, MANAGE = "approvals.decide", "approvals.manage"


class ApprovalList(ListView):
    permission = DECIDE
    page = "approval"


class ApprovalDetail(DetailView):
    """What is asked, who decided what, and the two buttons, first thing on a phone."""

    permission = DECIDE
    model = Approval
    relations = ("requested_by", "flow")
    template_name = "approvals/approval_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", tone)),
        Field("requested_by", _("Asked by"), "requested_by.name"),
        Field("created_at", _("Asked"), cells.moment("created_at")),
        Field("decided_at", _("Decided"), cells.moment("decided_at")),
    )
    verbs = (
        Verb(_("Withdraw"), "approvals:approval_withdraw", "undo", DECIDE, when=lambda row: row.is_pending and row.own),
    )

    def record(self) -> Any:
        row = super().record()
        row.own = row.requested_by_id is not None and row.requested_by_id == self.actor.user_id
        return row

    def extra(self) -> dict[str, Any]:
        subject = subject_of(self.actor, self.object)
        return {
            "described": described(self.object),
            "steps": steps_of(self.object),
            "subject_url": url_of(subject) if subject is not None else "",
            "may_decide": may_decide(self.actor, self.object),
        }


class ApprovalVerb(ActionView):
    permission = DECIDE
    model = Approval
    record_as = "approval"

    def answer(self) -> HttpResponse:
        return redirect("/" if self.request.POST.get("from") == "home" else url_of(self.object))


class Approve(ApprovalVerb):
    action, form_class = actions.approve, forms.ApproveForm
    title, button, done = _("Approve %(name)s"), _("Approve"), _("%(name)s: your consent is noted.")


class Reject(ApprovalVerb):
    action, form_class, danger = actions.reject, forms.RejectForm, True
    title, button, done = _("Reject %(name)s"), _("Reject"), _("%(name)s is rejected.")


class Delegate(ApprovalVerb):
    action, form_class = actions.delegate, forms.DelegateForm
    title, button, done = _("Let a colleague decide on %(name)s"), _("Hand over"), _("%(name)s is handed over.")


class Withdraw(ApprovalVerb):
    action = actions.withdraw
    title, button, done = _("Withdraw %(name)s?"), _("Withdraw"), _("The request is withdrawn.")


class FlowList(ListView):
    permission = MANAGE
    page = "approval_flow"
    template_name = "approvals/flow_list.html"

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages["approval_flows"].summary}


class FlowPage(RecordView):
    """The form of a flow; a new one names its kind in the address."""

    permission = MANAGE
    model = ApprovalFlow

    @property
    def flow(self) -> ApprovalFlow | None:
        return None

    @property
    def kind(self) -> str:
        """What the flow is for. Raises `NotFound` for a kind that needs no approval."""
        wanted = self.request.GET.get("kind") or next((entry.key for entry in approvables), "")
        if wanted not in approvables:
            raise NotFound
        return wanted

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                flow = actions.save_flow(
                    actor=self.actor, values={**form.values(), "kind": self.kind}, steps=form.steps(),
                    record=self.flow,
                )  # fmt: skip
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _t("%(name)s is saved.") % {"name": flow})
                return redirect("approvals:flow_list")
        return self.page(form, 422)

    def form(self, data: Any = None) -> forms.FlowForm:
        flow = self.flow
        given = {"instance": ApprovalFlow.objects.get(pk=flow.pk)} if flow else {}
        return forms.FlowForm(data, actor=self.actor, kind=self.kind, **given)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "view": self, "title": self.flow or _t("New approval flow"), "button": _t("Save"),
            "about": kinds[self.kind].label_plural,
            "others": [(entry.key, kinds[entry.key].label_plural) for entry in approvables if entry.key != self.kind],
        }  # fmt: skip
        return render(self.request, "approvals/flow_form.html", context, status=status)

    @property
    def back_url(self) -> str:
        return reverse("approvals:flow_list")


class FlowCreate(FlowPage):
    """A new flow."""


class FlowUpdate(FlowPage):
    """A stored flow."""

    @property
    def flow(self) -> ApprovalFlow | None:
        if not hasattr(self, "object"):
            self.object = self.record()
        return self.object

    @property
    def kind(self) -> str:
        return self.flow.kind if self.flow else ""
