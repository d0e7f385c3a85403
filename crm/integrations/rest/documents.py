"""The description of the API: OpenAPI for machines, and a page drawn from it for people."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from crm.core import switches
from crm.core.sockets import activity_types

from .reading import Chapter, chapters
from .registry import resources


@functools.lru_cache(maxsize=8)
def _described(language: str, off: frozenset[str]) -> dict[str, Any]:
    from . import urls

    names = {f"api/v1/{entry.path}/" for entry in resources}
    shown = [entry for entry in urls.urlpatterns if any(f"api/v1/{entry.pattern}".startswith(name) for name in names)]
    shown += urls.files
    generator = SchemaGenerator(patterns=[path("api/v1/", include((shown, "api")))])
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


@functools.lru_cache(maxsize=8)
def _chapters(language: str, off: frozenset[str], base: str) -> list[Chapter]:
    return chapters(_described(language, off), base)


def description() -> dict[str, Any]:
    """The API as OpenAPI 3.0, in the active language, without the apps that are switched off. Made once a process."""
    return _described(get_language() or "en", switches.off())


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/schema/: public, since it says nothing about anybody's data."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/docs/: the same for people, with calls to copy."""
    base = settings.BASE_URL
    context = {
        "chapters": _chapters(get_language() or "en", switches.off(), base),
        "schema_url": reverse("api:schema"),
        "base": f"{base}/api/v1/",
        "per_minute": settings.API_PER_MINUTE,
        "events": [(entry.key, entry.label) for entry in sorted(activity_types.in_use(), key=lambda each: each.key)],
    }
    return render(request, "integrations/docs.html", context)


schema.permission = docs.permission = None  # type: ignore[attr-defined]  # open to everybody, said aloud
