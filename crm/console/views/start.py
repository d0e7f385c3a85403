"""/settings/first-steps/, /settings/mail-server/ and /settings/apps/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.core import limits, switches
from crm.core.errors import NotReady
from crm.messaging.models import OutgoingMail
from crm.ui.redirects import own_address
from crm.ui.views.generic import StaffView

from ..actions.first_steps import hide_steps, skip_step
from ..actions.mail_server import record_mail_test
from ..actions.switches import switch_app
from ..mail_server import send_test, transport
from ..selectors.first_steps import first_steps
from ..selectors.readiness import held_reason
from .intro import intro

#: Test messages one person may send in an hour.
TESTS, HOUR = 20, 3600
#: What each app that can be switched off is for.
ABOUT = {
    "tickets": gettext_lazy("Requests by form, mail and phone, with queues, deadlines and answers."),
    "knowledge": gettext_lazy("Articles for customers and for colleagues."),
    "sales": gettext_lazy("Leads, opportunities, quotes and contracts."),
    "marketing": gettext_lazy("Segments, campaigns and journeys."),
    "reports": gettext_lazy("The board and the figures of every app."),
}


class FirstStepsView(StaffView):
    """GET /settings/first-steps/: the list, also when home does not show it any more."""

    permission = "console.view_settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "first": first_steps(self.actor),
            "on_page": True,
            "may_hide": self.actor.can("console.manage_apps"),
            **intro("first_steps"),
        }
        return render(request, "console/first_steps.html", context)


class StepSkipView(StaffView):
    """POST /settings/first-steps/<key>/: `skip` or `want`; then back to where the list was seen."""

    permission = "console.view_settings"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        skip_step(actor=self.actor, key=key, is_skipped=request.POST.get("do") == "skip")
        return redirect(own_address(request, request.POST.get("next")))


class StepsHideView(StaffView):
    """POST /settings/first-steps/hide/: `hide` or `show`."""

    permission = "console.manage_apps"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        is_hidden = request.POST.get("do") == "hide"
        hide_steps(actor=self.actor, is_hidden=is_hidden)
        if is_hidden:
            messages.success(request, _("Home does not show the first steps any more. Settings still does."))
        return redirect(own_address(request, request.POST.get("next")))


class MailServerView(StaffView):
    """GET /settings/mail-server/: how mail leaves; POST sends a message to the reader and shows the server's answer."""

    permission = "messaging.manage_mail"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        if reason := held_reason():
            raise NotReady(_("This is a restored copy: it sends no mail. %(reason)s") % {"reason": reason})
        limits.hit("mail_test", str(self.actor.id), limit=TESTS, window_seconds=HOUR)
        address = User.objects.get(pk=self.actor.user_id).email
        answer = send_test(address)
        record_mail_test(actor=self.actor, address=address, taken=answer.taken, answer=answer.text)
        return self.page(answer=answer, address=address)

    def page(self, **values: Any) -> HttpResponse:
        last = OutgoingMail.objects.order_by("-pk").first()
        return render(
            self.request,
            "console/mail_server.html",
            {"transport": transport(), "last": last, **intro("mail_server"), **values},
        )


@dataclass(frozen=True, slots=True)
class AppRow:
    """One line of the screen of apps."""

    label: str
    name: Any
    about: Any
    is_on: bool


class AppsView(StaffView):
    """GET /settings/apps/ lists what can be switched off; POST switches one (`app`, `do`: on or off)."""

    permission = "console.manage_apps"

    def get(self, request: HttpRequest) -> HttpResponse:
        switches.look()
        rows = [
            AppRow(label, apps.get_app_config(label).verbose_name, ABOUT[label], label not in switches.off())
            for label in switches.SWITCHABLE
            if apps.is_installed(label)
        ]
        return render(request, "console/apps.html", {"rows": rows, **intro("apps")})

    def post(self, request: HttpRequest) -> HttpResponse:
        label, on = request.POST.get("app", ""), request.POST.get("do") == "on"
        if switch_app(actor=self.actor, label=label, on=on):
            name = apps.get_app_config(label).verbose_name
            said = _("%(app)s is switched on.") if on else _("%(app)s is switched off. Its data stays where it is.")
            messages.success(request, said % {"app": name})
        return redirect("console:apps")
