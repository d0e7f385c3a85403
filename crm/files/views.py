"""Taking files in and handing them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.core import limits
from crm.core.addresses import client_network
from crm.core.errors import DomainError, Invalid

from . import selectors
from .actions import stage_upload
from .models import Attachment
from .previews import preview_of
from .serving import download, picture

#: Uploads in ten minutes, for the guests of a network and for a member of staff.
_GUEST_LIMIT, _STAFF_LIMIT, _WINDOW_SECONDS = 60, 600, 600


def _public(view: Callable[..., Any]) -> Callable[..., Any]:
    """No permission of its own: the form's key, the signature or the record the file hangs on decides."""
    view.permission = None  # type: ignore[attr-defined]
    return view


@_public
@require_POST
def upload_create(request: HttpRequest) -> HttpResponse:
    """POST form_key and file → {token, name, size}, or {error, message}: the sentence to show beside the file."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if actor.is_staff:
            limits.hit("files.upload.staff", str(actor.id), limit=_STAFF_LIMIT, window_seconds=_WINDOW_SECONDS)
        else:
            limits.hit("files.upload", client_network(request), limit=_GUEST_LIMIT, window_seconds=_WINDOW_SECONDS)
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(_("Choose a file first."))
        upload = stage_upload(actor=actor, form_key=request.POST.get("form_key", ""), name=file.name or "", file=file)
    except DomainError as error:
        return JsonResponse({"error": str(error), "message": str(error), "code": error.code}, status=error.status)
    return JsonResponse({"token": upload.token, "name": upload.name, "size": upload.size}, status=201)


@_public
@require_safe
def attachment_download(request: HttpRequest, uid: UUID, name: str) -> HttpResponseBase:
    return download(request, _attachment(request, uid))


@_public
@require_safe
def attachment_preview(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    return picture(preview_of(_attachment(request, uid).blob))


@_public
@require_safe
def signed_download(request: HttpRequest, signed: str, name: str) -> HttpResponseBase:
    return download(request, selectors.open_signed(signed))


@_public
@require_safe
def signed_preview(request: HttpRequest, signed: str) -> HttpResponseBase:
    return picture(preview_of(selectors.open_signed(signed).blob))


def _attachment(request: HttpRequest, uid: UUID) -> Attachment:
    return selectors.open_attachment(request.actor, uid)  # type: ignore[attr-defined]
