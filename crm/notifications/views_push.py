"""A person's devices, and the script that shows their messages."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.core import limits
from crm.core.errors import Invalid
from crm.ui.access import staff_required

from . import actions
from .push.devices import device_name
from .push.here import remember_device

_WORKER = Path(settings.BASE_DIR) / "static" / "js/sw.js"


@never_cache
@require_GET
def push_worker(request: HttpRequest) -> HttpResponse:
    """GET /sw.js: served at the root, because a service worker rules only what lies below its address."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


push_worker.permission = None  # type: ignore[attr-defined]


@staff_required
@require_POST
def push_subscribe(request: HttpRequest) -> HttpResponse:
    """POST endpoint, p256dh, auth as the browser's `PushSubscription` gives them."""
    limits.hit("push.subscribe", str(request.user.pk), limit=60, window_seconds=3600)
    keys = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    answer = redirect("notifications:settings")
    try:
        device = actions.subscribe_device(
            actor=request.actor,  # type: ignore[attr-defined]
            device=device_name(request.headers.get("User-Agent", "")),
            **keys,
        )
    except Invalid as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This device is told from now on."))
        remember_device(answer, device)
    return answer


@staff_required
@require_POST
def push_remove(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_device(actor=request.actor, subscription_id=pk)  # type: ignore[attr-defined]
    messages.success(request, _("The device is removed. It is told nothing more."))
    return redirect("notifications:settings")
