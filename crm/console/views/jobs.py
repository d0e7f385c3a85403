"""Background work: jobs, the state of the system, dead deliveries; and the log of outgoing mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.activity.models import DeadDelivery, Outbox
from crm.core.errors import NotFound
from crm.jobs.models import Heartbeat, Job
from crm.jobs.runners import runners
from crm.messaging.actions import hold_mail, retry_mail
from crm.messaging.choices import MailState
from crm.messaging.declarations import mail_templates
from crm.messaging.models import OutgoingMail
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView, RecordView, StaffView

from ..actions import jobs
from ..lists.people import JOB_TONES, MAIL_TONES, progress
from ..selectors.jobs import sweep_states
from ..selectors.readiness import readiness
from .intro import intro

MANAGE, MAIL = "console.manage_jobs", "messaging.manage_mail"


class JobListView(ListView):
    """GET /settings/jobs/: everybody's jobs; one's own are on /jobs/<pk>/."""

    permission = MANAGE
    page = "job"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("jobs")


class JobDetailView(DetailView):
    """One job: how far it is, what it left out and why."""

    permission = MANAGE
    model = Job
    relations = ("owner",)
    template_name = "console/job.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", lambda job: JOB_TONES[job.state])),
        Field("progress", _("Progress"), progress),
        Field("skipped", _("Skipped"), "skipped_count"),
        Field("owner", _("Started by"), cells.person("owner")),
        Field("created", _("Started"), cells.moment("created_at")),
        Field("finished", _("Finished"), cells.moment("finished_at")),
    )
    verbs = (
        Verb(_("Start again"), "console:job_retry", "refresh", when=lambda job: job.state in jobs.RETRYABLE),
        Verb(_("Stop"), "ui:job_cancel", "stop", post=True, when=lambda job: job.state in jobs.STOPPABLE),
    )

    def extra(self) -> dict[str, Any]:
        runner = runners.get(self.object.kind)
        return {"kind_label": runner.label if runner else self.object.kind}


class JobRetryView(ActionView):
    permission = MANAGE
    model = Job
    action = jobs.retry_job
    title = _("Start %(name)s again?")
    text = _("It goes on from where it stopped.")
    button = _("Start again")
    done = _("%(name)s goes on.")

    def url_of(self, record: Any) -> str:
        return reverse("console:job_detail", args=[record.pk])


class SystemView(StaffView):
    """GET /settings/system/: what /readyz says, heartbeats, queues, sweeps, deliveries that were given up."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "checks": readiness(),
            "heartbeats": Heartbeat.objects.order_by("name"),
            "sweeps": sweep_states(self.actor),
            "waiting": Outbox.objects.count(),
            "dead": DeadDelivery.objects.order_by("-pk")[:100],
            **intro("system"),
        }
        return render(request, "console/system.html", context)


class DeliveryRetryView(StaffView):
    """POST /settings/system/deliveries/<pk>/retry/."""

    permission = MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dead = DeadDelivery.objects.filter(pk=pk).first()
        if dead is None:
            raise NotFound
        jobs.retry_delivery(actor=self.actor, record=dead)
        messages.success(request, _t("The delivery is tried again."))
        return redirect("console:system")


class OutgoingMailListView(ListView):
    permission = MAIL
    page = "outgoing_mail"
    template_name = "console/list.html"

    def extra(self) -> dict[str, Any]:
        return intro("outgoing_mail")


class OutgoingMailView(RecordView):
    """GET /settings/outgoing-mail/<pk>/: where it went and how far. A mail that lets its reader in keeps its text."""

    permission = MAIL
    model = OutgoingMail
    relations = ("brand",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = self.record()
        context = {
            "mail": mail,
            "tone": MAIL_TONES[mail.state],
            "secret": mail.template in mail_templates and mail_templates[mail.template].is_secret,
            "can_retry": mail.state in {MailState.FAILED, MailState.HELD},
            "can_hold": mail.state == MailState.WAITING,
            **intro("outgoing_mail"),
        }
        return render(request, "console/outgoing_mail.html", context)


class OutgoingMailRetryView(RecordView):
    """POST /settings/outgoing-mail/<pk>/retry/."""

    permission = MAIL
    model = OutgoingMail
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        retry_mail(actor=self.actor, mail=self.record())
        messages.success(request, _t("The mail is sent again."))
        return redirect("console:outgoing_mail_detail", pk)


class OutgoingMailHoldView(RecordView):
    """POST /settings/outgoing-mail/<pk>/hold/."""

    permission = MAIL
    model = OutgoingMail
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        hold_mail(actor=self.actor, mail=self.record())
        messages.success(request, _t("The mail is held back until somebody sends it again."))
        return redirect("console:outgoing_mail_detail", pk)
