"""/settings/demo/: demo data in and out with one click each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.accounts.models import User
from crm.core.demo import PASSWORD, STAFF_HOST
from crm.core.sockets import kinds
from crm.jobs.choices import JobState
from crm.jobs.models import Job
from crm.ui.views.generic import StaffView

from ..actions.demo import (
    CUSTOMERS,
    LOAD_KIND,
    REMOVE_KIND,
    TICKETS,
    demo_users,
    open_run,
    start_demo_load,
    start_demo_removal,
)
from .intro import intro

PERMISSION = "console.manage_apps"


class DemoDataView(StaffView):
    """GET shows whether demo data is there and how the latest job goes; POST starts one (`do`: load or remove)."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        job = Job.objects.filter(kind__in=(LOAD_KIND, REMOVE_KIND)).order_by("-pk").first()
        run = open_run()
        context: dict[str, Any] = {
            "run": run,
            "job": job,
            "is_running": job is not None and job.state in {JobState.WAITING, JobState.RUNNING},
            "is_own": run is None and User.objects.filter(email=f"admin@{STAFF_HOST}").exists(),
            "is_demo_person": demo_users().filter(pk=self.actor.user_id).exists(),
            "kept": [(kinds[row["kind"]].label, row["name"]) for row in job.result.get("kept", [])] if job else [],
            "sizes": {"tickets": TICKETS, "customers": CUSTOMERS},
            "password": PASSWORD,
            "sign_in": f"admin@{STAFF_HOST}",
            **intro("demo_data"),
        }
        template = "console/partials/_demo_data.html" if self.is_fragment else "console/demo_data.html"
        return render(request, template, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("do") == "remove":
            start_demo_removal(actor=self.actor)
        else:
            start_demo_load(actor=self.actor)
        return redirect("console:demo_data")
