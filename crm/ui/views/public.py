"""What every page for anybody shares: no sign-in, and the brand's time zone until the visitor's is known."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views import View

from crm.core.errors import TooMany
from crm.core.models import Brand

#: Parts of the names by which robots, fetchers of previews and scripts call themselves.
_MACHINES = ("bot", "crawl", "spider", "slurp", "preview", "curl", "wget", "python-", "headless", "monitor")
#: What a secret in an address or a form may look like; anything else never reaches the database.
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


class PublicView(View):
    """A page for anybody."""

    permission = None
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.brand = Brand.default()
        if not request.ui.timezone:  # type: ignore[attr-defined]
            timezone.activate(zoneinfo.ZoneInfo(self.brand.timezone))
        return super().dispatch(request, *args, **kwargs)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template with this context."""
        return render(self.request, self.template_name, context, status=status)

    def speak(self, language: str, zone: str) -> None:
        """A record's language, unless the reader chose one here, and its time zone."""
        ui = self.request.ui  # type: ignore[attr-defined]
        language = ui.language if settings.LANGUAGE_COOKIE_NAME in self.request.COOKIES else language
        translation.activate(language)
        timezone.activate(zoneinfo.ZoneInfo(zone))
        self.request.ui = replace(ui, language=language, timezone=zone)  # type: ignore[attr-defined]


class SecretAddress(View):
    """Mixed in before a `PublicView`: kept by no cache, listed by no search engine, told to no other site.

    `Referrer-Policy: no-referrer` would make browsers send `Origin: null` with the page's own forms, which the
    CSRF check refuses; `same-origin` tells other sites just as little.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        response["Content-Language"] = request.ui.html_lang  # type: ignore[attr-defined]
        return response


def is_machine(request: HttpRequest) -> bool:
    """Whether the visitor says that it is no person, or only fetches the page in advance."""
    agent = request.headers.get("User-Agent", "").lower()
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return any(mark in agent for mark in _MACHINES) or "prefetch" in purpose.lower()


def minutes_of(error: TooMany) -> int:
    """How long to wait, in whole minutes, at least one."""
    return max(1, -(-error.retry_after_seconds // 60))
