"""Sign-in and sign-out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm.core import limits
from crm.core.addresses import client_address
from crm.core.errors import TooMany
from crm.ui.redirects import own_address

from ..actions import sign_in as actions
from ..forms.sign_in import SignInForm
from .access import public

#: Wrong tries in a quarter of an hour: for one account, and from one address.
ACCOUNT_TRIES, ADDRESS_TRIES, WINDOW_SECONDS = 10, 100, 900


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """GET /accounts/login/ shows the form; POST signs in and goes on to a safe `next`."""
    target = safe_next(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(target)
        return _page(request, SignInForm(), target)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, target, status=422)
    try:
        signed_in = _try(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except TooMany as refused:
        minutes = -(-refused.retry_after_seconds // 60)
        form.add_error(None, _("Too many wrong tries. Try again in %(minutes)s min.") % {"minutes": minutes})
        response = _page(request, form, target, status=429)
        response["Retry-After"] = str(refused.retry_after_seconds)
        return response
    if not signed_in:
        form.add_error(None, _("The email or the password is wrong. Check both and try again."))
        return _page(request, form, target, status=422)
    return redirect(target)


def _try(request: HttpRequest, email: str, password: str) -> bool:
    """One counted attempt; a right password is taken off the count again. Raises `TooMany`."""
    address, account = client_address(request), email.strip().lower()
    limits.hit("sign_in.address", address, limit=ADDRESS_TRIES, window_seconds=WINDOW_SECONDS)
    limits.hit("sign_in.account", account, limit=ACCOUNT_TRIES, window_seconds=WINDOW_SECONDS)
    user = actions.check_sign_in(actor=request.actor, email=email, password=password, address=address)  # type: ignore[attr-defined]
    if user is None:
        return False
    limits.forgive("sign_in.address", address, window_seconds=WINDOW_SECONDS)
    limits.forgive("sign_in.account", account, window_seconds=WINDOW_SECONDS)
    login(request, user)
    return True


@require_POST
@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """POST /accounts/logout/."""
    if request.user.is_authenticated:
        actions.record_sign_out(actor=request.actor, user=request.user)  # type: ignore[attr-defined]
    logout(request)
    return redirect("console:login")


def safe_next(request: HttpRequest) -> str:
    """Where to go on: `next` when it stays on this host, else home."""
    return own_address(request, request.POST.get("next") or request.GET.get("next"))


def _page(request: HttpRequest, form: SignInForm, target: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": target, "tries": ACCOUNT_TRIES, "minutes": WINDOW_SECONDS // 60}
    return render(request, "registration/login.html", context, status=status)
