"""One cheap answer for everything live on a staff page."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse

from .. import pulse


def pulse_view(request: HttpRequest) -> HttpResponse:
    """GET /pulse/?watch=key&watch=key:argument → JSON with an ETag; 401 once the session has ended."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    actor = request.actor  # type: ignore[attr-defined]
    values = {"nav": pulse.nav_counts(actor), "watch": pulse.read(actor, request.GET.getlist("watch"))}
    body = json.dumps(values, sort_keys=True, default=str)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
