"""Signing in with a code, and out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from crm.core import clock, limits
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import TooMany
from crm.ui.public_forms import TRAP
from crm.ui.views.public import minutes_of

from ... import actions
from ...actions.portal import CODE_VALID
from ...forms.portal import AskCodeForm, CodeForm
from ...models import PortalCode
from ...portals.visits import ASKED_COOKIE, COOKIE, drop_cookie, keep_cookie
from .base import PortalDoor, PortalPage

#: Codes for one address and one network in an hour, and guesses of one network.
CODES_PER_ADDRESS, CODES_PER_NETWORK, GUESSES_PER_NETWORK, HOUR = 5, 30, 60, 3600


def next_of(request: HttpRequest) -> str:
    """Where signing in leads: a path of this host, else the portal's door."""
    target = (request.POST if request.method == "POST" else request.GET).get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target.startswith("/") and is_ours else ""


class PortalSignIn(PortalDoor):
    """GET asks for an address; POST stores the wish for a code and says the same to everybody."""

    template_name = "customers/portal/sign_in.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.visit:  # type: ignore[attr-defined]
            return redirect(next_of(request) or "portal:home")
        return self.show(AskCodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskCodeForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        kind, value = form.cleaned_data["kind"], form.cleaned_data["value"]
        try:
            limits.hit("portal.address", value, limit=CODES_PER_ADDRESS, window_seconds=HOUR)
            limits.hit("portal.network", client_network(request), limit=CODES_PER_NETWORK, window_seconds=HOUR)
        except TooMany as error:
            return self.too_many(form, error)
        key = "-" * 20
        if not request.POST.get(TRAP):
            language = request.ui.language  # type: ignore[attr-defined]
            key = actions.ask_for_code(actor=Actor.guest(), kind=kind, value=value, language=language)
        target = next_of(request)
        response = redirect("portal:sign_in_code")
        if target:
            response["Location"] += "?" + urlencode({"next": target})
        keep_cookie(response, ASKED_COOKIE, key, CODE_VALID.seconds)
        return response

    def too_many(self, form: AskCodeForm, error: TooMany) -> HttpResponse:
        words = _("Too many codes were asked for. Try again in %(minutes)s minutes.")
        form.add_error(None, words % {"minutes": minutes_of(error)})
        response = self.show(form, status=429)
        response["Retry-After"] = str(error.retry_after_seconds)
        return response

    def show(self, form: AskCodeForm, *, status: int = 200) -> HttpResponse:
        return self.page(form=form, trap=TRAP, next=next_of(self.request), status=status)


class PortalSignInCode(PortalDoor):
    """GET asks for the code that was sent; POST signs in. The browser that asked is known by a cookie."""

    template_name = "customers/portal/sign_in_code.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.visit:  # type: ignore[attr-defined]
            return redirect(next_of(request) or "portal:home")
        return self.show(CodeForm()) if self.key else redirect("portal:sign_in")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            limits.hit("portal.guess", client_network(request), limit=GUESSES_PER_NETWORK, window_seconds=HOUR)
        except TooMany as error:
            words = _("Too many codes were tried. Try again in %(minutes)s minutes.")
            form.add_error(None, words % {"minutes": minutes_of(error)})
            return self.show(form, status=429)
        former = request.COOKIES.get(COOKIE, "")
        code = form.cleaned_data["code"]
        found = actions.sign_in(actor=Actor.guest(), key=self.key, code=code, former=former)
        if found is None:
            form.add_error("code", _("This code is wrong, or it works no longer. Look again, or ask for another one."))
            return self.show(form, status=422)
        session, token = found
        rotate_token(request)
        response = redirect(next_of(request) or "portal:home")
        seconds = int((session.expires_at - clock.now()).total_seconds())
        keep_cookie(response, COOKIE, token, seconds)
        drop_cookie(response, ASKED_COOKIE)
        return response

    @property
    def key(self) -> str:
        return self.request.COOKIES.get(ASKED_COOKIE, "")[:40]

    def show(self, form: CodeForm, *, status: int = 200) -> HttpResponse:
        asked = PortalCode.objects.filter(key=self.key, expires_at__gt=clock.now()).first()
        context: dict[str, Any] = {"address": asked.value if asked else "", "minutes": CODE_VALID.seconds // 60}
        return self.page(form=form, next=next_of(self.request), status=status, **context)


class PortalSignOut(PortalPage):
    """POST ends this session."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.sign_out(actor=self.actor, session=self.visit)
        return _left()


class PortalSignOutEverywhere(PortalPage):
    """POST ends every session of the contact."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.sign_out_everywhere(actor=self.actor, session=self.visit)
        return _left()


def _left() -> HttpResponse:
    response = redirect("portal:sign_in")
    drop_cookie(response, COOKIE)
    return response
