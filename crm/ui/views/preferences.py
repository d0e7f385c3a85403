"""How a person sees the product: a page to choose, and an endpoint for the switches in the frame."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import actions
from ..access import staff_required
from ..forms import PreferencesForm
from ..preferences import THEME_COOKIE, THEMES, YEAR_SECONDS, known_language
from ..redirects import own_address

_TEXTS = ("language", "timezone", "theme", "density")
_SWITCHES = ("rail_narrow", "single_keys", "absolute_time")


def _back(request: HttpRequest) -> str:
    return own_address(request, request.POST.get("next") or request.headers.get("Referer"))


@require_POST
def preferences_save(request: HttpRequest) -> HttpResponse:
    """POST any of the preferences; also public, where language and theme go to cookies."""
    data = request.POST
    if request.user.is_authenticated:
        values: dict[str, Any] = {name: data[name] for name in _TEXTS if name in data}
        values |= {name: data[name] in {"1", "true", "on"} for name in _SWITCHES if name in data}
        actions.save_preferences(actor=request.actor, values=values)  # type: ignore[attr-defined]
    quiet = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if quiet else redirect(_back(request))
    _remember(response, data.get("language", ""), data.get("theme", ""))
    return response


def _remember(response: HttpResponse, language: str, theme: str) -> None:
    """Cookies for the time when nobody is signed in, such as the sign-in page itself."""
    if known_language(language):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax")


@staff_required
def preferences_page(request: HttpRequest) -> HttpResponse:
    """GET /settings/preferences/ shows the form; POST saves it."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "ui/preferences.html", {"form": form}, status=422 if form.errors else 200)
    values = {name: form.cleaned_data[name] for name in form.fields}
    actions.save_preferences(actor=request.actor, values=values)  # type: ignore[attr-defined]
    with translation.override(values["language"]):
        messages.success(request, _("Your preferences are saved."))
    response = redirect("ui:preferences_page")
    _remember(response, values["language"], values["theme"])
    return response
