"""Before a page: a product without users leads to the first page, an app that is off answers 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.core import switches
from crm.ui.views import errors

from . import first_run
from .exceptions import SwitchedOff

Handler = Callable[[HttpRequest], HttpResponse]

#: Open while there is no user: the first page itself, its language switch, and what machines watch.
OPEN_VIEWS = frozenset({"console:welcome", "console:healthz", "console:readyz", "console:metrics", "ui:preferences"})


class FirstRunMiddleware:
    """While there is no user, every page leads to /welcome/."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_args: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_VIEWS or not first_run.is_open():
            return None
        return redirect("console:welcome")


class SwitchesMiddleware:
    """An address of an app that is switched off answers 404 and says so.

    A view that `stays_on` answers all the same: what was sent while the app was on holds links that must work, such as
    the one to unsubscribe.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        switches.refresh()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_args: Any) -> HttpResponse | None:
        off = switches.off()
        if not off or request.resolver_match is None:
            return None
        owners = {switches.owner_of(view.__module__), *request.resolver_match.app_names}
        if not owners & off or getattr(getattr(view, "view_class", None), "stays_on", False):
            return None
        return errors.domain_error(request, SwitchedOff())
