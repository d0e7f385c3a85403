"""Reports by mail: what one is mailed, and what one mails."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock
from crm.core.errors import NotFound
from crm.ui.views.generic import CreateView, DeleteView, StaffView, UpdateView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..forms import MailedReportForm
from ..models import MailedReport, Reader

MAIL = "reports.mail"


class MailList(StaffView):
    """GET /reports/mail/: what the reader is mailed, to be stopped here, and what they mail."""

    permission = MAIL
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = (
            Reader.objects.filter(user_id=self.actor.user_id or 0)
            .select_related("mail__owner", "mail__dashboard")
            .order_by("pk")
        )
        owned = (
            MailedReport.objects.editable_by(self.actor)
            .select_related("dashboard")
            .prefetch_related("readers__user")
            .order_by("pk")
        )
        return render(request, "reports/mails.html", {"mine": list(mine), "owned": list(owned)})


class MailRecord(RecordView):
    model = MailedReport
    permission = MAIL

    def url_of(self, record: Any) -> str:
        return reverse("reports:mail_list")

    @property
    def list_url(self) -> str:
        return reverse("reports:mail_list")

    @property
    def list_label(self) -> Any:
        return _("Reports by mail")


class _Form(MailRecord):
    form_class = MailedReportForm
    action = actions.save_mailed_report

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class MailCreate(_Form, CreateView):
    title = gettext_lazy("New report by mail")

    def initial(self) -> dict[str, Any]:
        return {"readers": [self.actor.user_id]}


class _Own(MailRecord):
    def rows(self) -> Any:
        return super().rows().editable_by(self.actor)


class MailUpdate(_Own, _Form, UpdateView):
    def initial(self) -> dict[str, Any]:
        return {"readers": list(self.object.readers.values_list("user_id", flat=True))}


class MailDelete(_Own, DeleteView):
    action = actions.delete_mailed_report


class MailStop(MailRecord):
    """POST /reports/mail/<pk>/stop/: no more for me; with `again` it comes again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.stop_mail(actor=self.actor, mail=self.record(), stopped=request.POST.get("again") != "1")
        return redirect("reports:mail_list")


class MailSend(MailRecord):
    """POST /reports/mail/<pk>/send/: to me, now."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        reader = (
            Reader.objects.filter(mail=row, user_id=self.actor.user_id)
            .select_related("mail__dashboard", "user")
            .first()
        )
        if reader is None:
            raise NotFound
        if actions.send_report(actor=self.actor, reader=reader, on=f"now:{clock.now():%Y%m%d%H%M%S}"):
            messages.success(request, _("It is on its way to %(address)s.") % {"address": reader.user.email})
        else:
            messages.warning(request, _("It was not sent: you may not read this report, or have no address."))
        return redirect("reports:mail_list")
