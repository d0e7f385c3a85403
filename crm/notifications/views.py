"""The bell's pop-up and the page, which share one list. Opening a line does not mark it as read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crm.ui.access import staff_required
from crm.ui.views.errors import is_fragment

from . import actions, selectors

_PAGE, _POPUP = "notifications/partials/_page.html", "notifications/partials/_popup.html"


@staff_required
@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/list.html", _context(request))


@staff_required
@require_GET
def notification_bell(request: HttpRequest) -> HttpResponse:
    """The pop-up's content: the latest ten."""
    return render(request, _POPUP, _context(request, limit=selectors.BELL_LINES))


@staff_required
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mark_read(actor=request.actor, notification_id=pk)  # type: ignore[attr-defined]
    return _again(request)


@staff_required
@require_POST
def notification_unread(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mark_read(actor=request.actor, notification_id=pk, unread=True)  # type: ignore[attr-defined]
    return _again(request)


@staff_required
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(actor=request.actor)  # type: ignore[attr-defined]
    return _again(request)


@staff_required
@require_POST
def notification_clear(request: HttpRequest) -> HttpResponse:
    actions.clear_all(actor=request.actor)  # type: ignore[attr-defined]
    return _again(request)


def _context(request: HttpRequest, limit: int = selectors.PAGE_LINES) -> dict[str, Any]:
    """What the list needs, from the query string: group, unread=1, before."""
    group, unread_only = request.GET.get("group", ""), request.GET.get("unread") == "1"
    viewer = request.actor  # type: ignore[attr-defined]
    page = selectors.page_of(
        viewer, group=group, unread_only=unread_only, before=request.GET.get("before", ""), limit=limit
    )
    groups = selectors.groups_of(viewer)
    is_popup = limit == selectors.BELL_LINES
    return {
        "lines": page.lines,
        "before": page.before,
        "groups": groups,
        "group": group,
        "unread_only": unread_only,
        "unread": sum(entry.unread for entry in groups),
        "is_popup": is_popup,
        "list_url": reverse("notifications:notification_bell" if is_popup else "notifications:notification_list"),
    }


def _again(request: HttpRequest) -> HttpResponse:
    """The list that the button stood in, redrawn; without JavaScript, the page."""
    if not is_fragment(request):
        query = request.GET.urlencode()
        return redirect(reverse("notifications:notification_list") + (f"?{query}" if query else ""))
    is_popup = request.POST.get("place") == "popup"
    limit = selectors.BELL_LINES if is_popup else selectors.PAGE_LINES
    response = render(request, _POPUP if is_popup else _PAGE, _context(request, limit))
    response["HX-Trigger"] = "app:ask-pulse"
    return response
