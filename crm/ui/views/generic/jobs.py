"""One job as its owner sees it: progress, result, reasons, file."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.choices import JobState
from crm.jobs.models import Job

from ...generic import actions
from ...lists import lists
from .base import RecordView


class JobView(RecordView):
    """/jobs/<pk>/: the page; asked by htmx, the progress alone, which asks again until the job has ended."""

    permission: ClassVar[str | None] = ""
    model = Job

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        job = self.record()
        page = lists.get(job.params.get("list", ""))
        context = {
            "job": job,
            "is_over": job.state not in {JobState.WAITING, JobState.RUNNING},
            "done_count": job.done - job.skipped_count,
            "hidden_reasons": max(0, job.skipped_count - len(job.skipped)),
            "list_url": reverse(page.url_name) if page else "",
            "list_label": page.label if page else "",
        }
        template = "ui/generic/partials/_job.html" if self.is_fragment else "ui/generic/job.html"
        return render(request, template, context)


class JobCancelView(RecordView):
    """POST /jobs/<pk>/cancel/."""

    http_method_names = ["post"]
    permission: ClassVar[str | None] = ""
    model = Job

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        job = actions.cancel_job(actor=self.actor, job=self.record())
        messages.success(request, _("The job is stopped. What was done stays done."))
        return redirect("ui:job_detail", pk=job.pk)
