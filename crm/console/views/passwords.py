"""Passwords: asking for a link, using one, changing one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from crm.core import limits
from crm.core.addresses import client_network
from crm.core.errors import Invalid, TooMany
from crm.ui.access import staff_required

from ..actions import passwords as actions
from ..forms.sign_in import NewPasswordForm, PasswordChangeForm, PasswordLinkForm
from ..links import link_hours, tokens
from .access import public

LINKS_PER_ACCOUNT, LINKS_PER_NETWORK, LINK_WINDOW_SECONDS = 5, 30, 3600


@require_http_methods(["GET", "HEAD", "POST"])
@public
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """GET /accounts/password/forgotten/ asks for an address; POST answers the same whether it is known."""
    form = PasswordLinkForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "registration/password_forgotten.html", {"form": form}, status=422 if form.errors else 200
        )
    email = form.cleaned_data["email"].lower()
    limits.hit("link.network", client_network(request), limit=LINKS_PER_NETWORK, window_seconds=LINK_WINDOW_SECONDS)
    try:
        limits.hit("link.account", email, limit=LINKS_PER_ACCOUNT, window_seconds=LINK_WINDOW_SECONDS)
    except TooMany:
        return redirect("console:password_link_sent")
    actions.request_password_link(actor=request.actor, email=email)  # type: ignore[attr-defined]
    return redirect("console:password_link_sent")


@require_safe
@public
def password_link_sent(request: HttpRequest) -> HttpResponse:
    """What to do next, for known and unknown addresses alike."""
    return render(request, "registration/password_link_sent.html", {"hours": link_hours()})


class PasswordSetView(PasswordResetConfirmView):
    """A one-time link: the token moves to the session, so that it does not leak in a Referer."""

    permission = None
    template_name = "registration/password_set.html"
    form_class = NewPasswordForm  # type: ignore[assignment]
    token_generator = tokens
    success_url = reverse_lazy("console:login")

    def form_valid(self, form: Any) -> HttpResponse:
        actions.set_password(actor=self.request.actor, user=self.user, password=form.cleaned_data["password"])  # type: ignore[attr-defined]
        self.request.session.pop("_password_reset_token", None)
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def password_change(request: HttpRequest) -> HttpResponse:
    """GET and POST /accounts/password/; this session goes on, every other one ends."""
    form = PasswordChangeForm(request.user, request.POST or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("ui:preferences_page")
    return render(request, "registration/password_change.html", {"form": form}, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: PasswordChangeForm) -> bool:
    limits.hit("password.account", str(request.user.pk), limit=10, window_seconds=900)
    values = form.cleaned_data
    try:
        user = actions.change_password(
            actor=request.actor,  # type: ignore[attr-defined]
            current=values["current"],
            password=values["password"],
        )
    except Invalid as error:
        for name, message in error.fields.items():
            form.add_error(name, str(message))
        return False
    update_session_auth_hash(request, user)
    return True
