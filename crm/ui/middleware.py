"""Language, time zone and look of a request; and expected errors turned into pages that help."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from crm.core.errors import DomainError

from . import preferences
from .views import errors

Handler = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Puts `request.ui` in place and activates the reader's language and time zone."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ui = preferences.for_request(request)
        request.ui = ui  # type: ignore[attr-defined]
        with (
            translation.override(ui.language),
            timezone.override(zoneinfo.ZoneInfo(ui.timezone) if ui.timezone else None),
        ):
            request.LANGUAGE_CODE = ui.language  # type: ignore[attr-defined]
            response = self.get_response(request)
            if not response.streaming and "text/html" in response.get("Content-Type", ""):
                response.setdefault("Content-Language", ui.html_lang)
                patch_vary_headers(response, ["Accept-Language", "Cookie"])
                if request.user.is_authenticated:
                    response.setdefault("Cache-Control", "private, no-cache")
            return response


class CookieMiddleware:
    """Drops cookies that hold a NUL: none of ours does, no database takes one. It stands before their readers."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class AddressMiddleware:
    """Refuses an address that holds a NUL: no database takes one, and no reader of ours sends one."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class DomainErrorMiddleware:
    """A `DomainError` raised by a view becomes a page, an htmx fragment or JSON with its own status."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only expected errors are answered here; the rest stay errors."""
        if isinstance(exception, DomainError):
            return errors.domain_error(request, exception)
        return None
