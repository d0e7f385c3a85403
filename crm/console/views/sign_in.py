"""Sign-in and sign-out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import limits
from crm.core.addresses import client_address, client_network
from crm.core.errors import TooMany
from crm.notifications.push.here import forget_device
from crm.ui.redirects import own_address

from .. import pending
from ..actions import sign_in as actions
from ..actions import two_step
from ..forms.sign_in import SignInForm
from ..selectors.two_step import confirmed, is_required
from .access import public

#: Wrong tries in a quarter of an hour: for one account, and from one network.
ACCOUNT_TRIES, NETWORK_TRIES, WINDOW_SECONDS = 10, 100, 900


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
        user = _try(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except TooMany as refused:
        minutes = -(-refused.retry_after_seconds // 60)
        form.add_error(None, _("Too many wrong tries. Try again in %(minutes)s min.") % {"minutes": minutes})
        response = _page(request, form, target, status=429)
        response["Retry-After"] = str(refused.retry_after_seconds)
        return response
    if user is None:
        form.add_error(None, _("The email or the password is wrong. Check both and try again."))
        return _page(request, form, target, status=422)
    return _go_on(request, user, target)


def _go_on(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """After the right password: in, or to the second step where there is one or a role asks for it."""
    row = confirmed(user)
    if row is not None and not pending.is_trusted(request, user, row):
        pending.remember(request, user, target)
        return redirect("console:login_code")
    if row is None and is_required(user):
        two_step.begin_required_two_step(actor=actor_for(user))
        pending.remember(request, user, target)
        return redirect("console:login_enrol")
    enter(request, user)
    return redirect(target)


def enter(request: HttpRequest, user: User) -> None:
    """Opens the session of somebody who passed every step, and records it."""
    pending.forget(request)
    actions.record_sign_in(actor=actor_for(user), user=user, address=client_address(request))
    login(request, user)


def _try(request: HttpRequest, email: str, password: str) -> User | None:
    """One counted attempt; a right password is taken off the count again. Raises `TooMany`."""
    address, network, account = client_address(request), client_network(request), email.strip().lower()
    limits.hit("sign_in.network", network, limit=NETWORK_TRIES, window_seconds=WINDOW_SECONDS)
    limits.hit("sign_in.account", account, limit=ACCOUNT_TRIES, window_seconds=WINDOW_SECONDS)
    user = actions.check_sign_in(actor=request.actor, email=email, password=password, address=address)  # type: ignore[attr-defined]
    if user is None:
        return None
    limits.forgive("sign_in.network", network, window_seconds=WINDOW_SECONDS)
    limits.forgive("sign_in.account", account, window_seconds=WINDOW_SECONDS)
    return user


@require_POST
@public
def sign_out(request: HttpRequest) -> HttpResponse:
    """POST /accounts/logout/."""
    answer = redirect("console:login")
    if request.user.is_authenticated:
        actions.record_sign_out(actor=request.actor, user=request.user)  # type: ignore[attr-defined]
        forget_device(request, answer)
    logout(request)
    return answer


def safe_next(request: HttpRequest) -> str:
    """Where to go on: `next` when it stays on this host, else home."""
    return own_address(request, request.POST.get("next") or request.GET.get("next"))


def _page(request: HttpRequest, form: SignInForm, target: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": target, "tries": ACCOUNT_TRIES, "minutes": WINDOW_SECONDS // 60}
    return render(request, "registration/login.html", context, status=status)
