"""The bell's pop-up and the page, which share one list. Opening a line does not mark it as read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.errors import Invalid
from crm.ui.access import staff_required
from crm.ui.generic.form_errors import show_error
from crm.ui.views.errors import is_fragment

from . import actions, selectors
from .forms import DeliveryForm

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


@staff_required
@require_POST
def notification_mute(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mute(actor=request.actor, notification_id=pk)  # type: ignore[attr-defined]
    return _again(request)


@staff_required
@require_POST
def notification_unmute(request: HttpRequest, pk: int) -> HttpResponse:
    actions.unmute(actor=request.actor, notification_id=pk)  # type: ignore[attr-defined]
    return _again(request)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """GET shows channels, devices, times and muted records; POST saves the times."""
    viewer = request.actor  # type: ignore[attr-defined]
    delivery = selectors.delivery_of(request.user)  # type: ignore[arg-type]
    initial = {name: getattr(delivery, name) for name in DeliveryForm.base_fields}
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.save_delivery(actor=viewer, values=form.cleaned_data)
        except Invalid as error:
            show_error(form, error)
        else:
            messages.success(request, _("Your notification settings are saved."))
            return redirect("notifications:settings")
    context = {
        "form": form,
        "matrix": selectors.matrix_of(viewer),
        "muted": selectors.muted_of(viewer),
        "zone": delivery.zone,
        "push_key": selectors.push_key(),
        "devices": selectors.devices_of(viewer),
    }
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
def choices_save(request: HttpRequest) -> HttpResponse:
    """POST `kind` for every row shown, `in_app`, `mail` and `push` for those ticked."""
    ticked = {name: request.POST.getlist(name) for name in ("in_app", "mail", "push")}
    kinds = request.POST.getlist("kind")
    actions.save_choices(actor=request.actor, kinds=kinds, **ticked)  # type: ignore[attr-defined]
    messages.success(request, _("Your notification settings are saved."))
    return redirect("notifications:settings")


@staff_required
@require_POST
def choices_reset(request: HttpRequest) -> HttpResponse:
    actions.reset_choices(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("Your channels are as they were at the start."))
    return redirect("notifications:settings")


@staff_required
@require_POST
def mute_remove(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_mute(actor=request.actor, mute_id=pk)  # type: ignore[attr-defined]
    return redirect("notifications:settings")


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
