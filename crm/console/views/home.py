"""Home: a queue of work that apps fill; each part loads, and may fail, alone."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.core import clock
from crm.core.errors import DomainError
from crm.core.sockets import ShellSlot, shell_slots
from crm.ui.access import staff_required
from crm.ui.views.errors import is_fragment

logger = logging.getLogger(__name__)

#: The places of the page: tiles across, the queue, and the column beside it.
TOP, MAIN, SIDE = "home.top", "home", "home.side"


@require_safe
@staff_required
def home(request: HttpRequest) -> HttpResponse:
    """GET /: the greeting and one placeholder for each slot that the reader may open."""
    places = {place: _slots(request, place) for place in (TOP, MAIN, SIDE)}
    now = timezone.localtime(clock.now())
    context = {
        "greeting": _greeting(now.hour) % {"name": request.user.name},  # type: ignore[union-attr]
        "today": now.date(),
        "top": places[TOP],
        "main": places[MAIN],
        "side": places[SIDE],
    }
    return render(request, "console/home.html", context)


@require_safe
@staff_required
def home_slot(request: HttpRequest, key: str) -> HttpResponse:
    """GET /home/<key>/: one slot; nothing when it has nothing to say, an error card when it fails."""
    slot = next((s for place in (TOP, MAIN, SIDE) for s in _slots(request, place) if s.key == key), None)
    if slot is None:
        raise Http404
    try:
        body = render_to_string(slot.template, slot.context(request.actor), request=request)  # type: ignore[attr-defined]
    except DomainError:
        raise
    except Exception:
        logger.exception("home slot %s failed", key)
        body = render_to_string("console/partials/_slot_error.html", {"slot": slot}, request=request)
    if is_fragment(request):
        return HttpResponse(body.strip())
    return render(request, "console/home_slot.html", {"body": body.strip()})


def _slots(request: HttpRequest, place: str) -> list[ShellSlot]:
    actor = request.actor  # type: ignore[attr-defined]
    return [s for s in shell_slots if s.place == place and (not s.permission or actor.can(s.permission))]


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if 12 <= hour < 18 else _("Good evening, %(name)s")
