"""For machines: alive, ready, figures."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.core.addresses import is_direct_loopback

from ..selectors import metrics
from ..selectors.readiness import held_reason, readiness
from .access import public


@never_cache
@require_safe
@public
def alive(request: HttpRequest) -> HttpResponse:
    """GET /healthz: this process answers. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
@public
def ready(request: HttpRequest) -> HttpResponse:
    """GET /readyz: 200 when work gets done, 503 with the reasons when not. held: why a restored copy keeps silent."""
    with translation.override("en"):
        checks = readiness()
    ok = all(check.ok for check in checks)
    body = {
        "ready": ok,
        "held": held_reason(),
        "checks": {
            check.name: {"ok": check.ok, "reason": check.reason, "age_seconds": check.age_seconds} for check in checks
        },
        "reasons": [f"{check.name}: {check.reason}" for check in checks if not check.ok],
    }
    return JsonResponse(body, status=200 if ok else 503)


@never_cache
@require_safe
@public
def figures(request: HttpRequest) -> HttpResponse:
    """GET /metrics for a scraper on this machine, or one that brings `METRICS_TOKEN` as bearer token."""
    if not (is_direct_loopback(request) or _has_token(request)):
        return HttpResponseForbidden("Set METRICS_TOKEN and send it as a bearer token.\n", content_type="text/plain")
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, settings.METRICS_TOKEN.encode())
