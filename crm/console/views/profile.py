"""One's own account: who I am here, whether I take work, where I am signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.accounts.choices import Availability
from crm.ui.redirects import own_address
from crm.ui.views.generic import StaffView

from ..actions import own


class ProfileView(StaffView):
    """GET /accounts/profile/."""

    permission = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "choices": Availability.choices,
            "roles": request.user.roles.all(),
            "teams": request.user.teams.all(),
        }  # type: ignore[union-attr]
        return render(request, "console/profile.html", context)


class AvailabilityView(StaffView):
    """POST /accounts/availability/ with `availability`; goes back to where it came from."""

    permission = ""
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        user = own.set_availability(actor=self.actor, availability=request.POST.get("availability", ""))
        away = user.availability == Availability.AWAY
        messages.success(
            request, _("You are away: you get no new tickets.") if away else _("You are available for new tickets.")
        )
        return redirect(self._back())

    def _back(self) -> str:
        return own_address(self.request, self.request.POST.get("next") or self.request.headers.get("Referer"))


class EndSessionsView(StaffView):
    """POST /accounts/sessions/end/: signs out everywhere else."""

    permission = ""
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        user = own.end_own_sessions(actor=self.actor)
        update_session_auth_hash(request, user)
        messages.success(request, _("Everywhere else you are signed out."))
        return redirect("console:profile")
