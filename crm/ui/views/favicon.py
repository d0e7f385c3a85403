"""The address that browsers ask for where a page names no icon."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static


def favicon(request: HttpRequest) -> HttpResponse:
    """GET /favicon.ico → the drawn one."""
    return redirect(static("favicon.svg"), permanent=True)
