"""/welcome/: the first page of a new product, and afterwards nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm.core import limits
from crm.core.addresses import client_network
from crm.core.errors import DomainError, NotFound
from crm.ui.context import NoBrand
from crm.ui.preferences import ZONE_COOKIE, known_zone

from .. import first_run
from ..actions.start import begin
from ..exceptions import AlreadyBegun
from ..forms.welcome import WelcomeForm
from .access import public
from .sign_in import enter

#: Codes that one network may try in a quarter of an hour.
TRIES, WINDOW_SECONDS = 20, 900


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def welcome(request: HttpRequest) -> HttpResponse:
    """GET shows the form, the code filled in from `?code=`; POST sets the product up and signs its first user in."""
    if not first_run.is_open():
        if request.method == "POST":
            raise AlreadyBegun
        if request.user.is_authenticated:
            return redirect("console:home")
        raise NotFound(_("This product has been set up already. Sign in to go on."))
    if request.method != "POST":
        return _page(request, WelcomeForm(initial=_guessed(request)))
    limits.hit("welcome.network", client_network(request), limit=TRIES, window_seconds=WINDOW_SECONDS)
    form = WelcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        user = begin(actor=request.actor, values=form.cleaned_data)  # type: ignore[attr-defined]
    except AlreadyBegun:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status)
    enter(request, user)
    messages.success(request, _("Welcome. The list below leads to your first answered ticket."))
    return redirect("console:home")


def _guessed(request: HttpRequest) -> dict[str, Any]:
    """What the browser tells: language and zone; the currency follows the zone."""
    zone = known_zone(request.COOKIES.get(ZONE_COOKIE, "")) or "Asia/Shanghai"
    language = get_language() or "en"
    return {
        "code": request.GET.get("code", "")[:40],
        "languages": ["en", "zh-hans"],
        "language": language,
        "timezone": zone,
        "currency": _currency(zone),
    }


def _currency(zone: str) -> str:
    """A likely one; the person sees it and can choose another."""
    by_zone = {
        "Europe/London": "GBP", "Asia/Hong_Kong": "HKD", "Asia/Taipei": "TWD", "Asia/Singapore": "SGD",
        "Asia/Tokyo": "JPY", "Asia/Seoul": "KRW", "Europe/Zurich": "CHF",
    }  # fmt: skip
    by_area = {"Europe": "EUR", "America": "USD", "Australia": "AUD"}
    return by_zone.get(zone) or by_area.get(zone.partition("/")[0]) or "CNY"


def _page(request: HttpRequest, form: WelcomeForm, status: int = 200) -> HttpResponse:
    return render(request, "console/welcome.html", {"form": form, "brand": NoBrand()}, status=status)
