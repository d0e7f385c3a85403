"""Which of a person's devices this browser is: a signed cookie that outlives sessions; signing out turns it off."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crm.core.errors import NotFound

from ..actions import remove_device
from ..models import PushSubscription

COOKIE, YEAR_SECONDS = "push_device", 365 * 24 * 3600


def remember_device(answer: HttpResponse, device: PushSubscription) -> None:
    """From now on this browser knows its device."""
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_signed_cookie(COOKIE, str(device.pk), max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=secure)


def forget_device(request: HttpRequest, answer: HttpResponse) -> None:
    """Whoever signs out hears nothing more in this browser; one that somebody else turned on since stays theirs."""
    device = request.get_signed_cookie(COOKIE, "")
    if device:
        with suppress(NotFound):
            remove_device(actor=request.actor, subscription_id=int(device))  # type: ignore[attr-defined]
        answer.delete_cookie(COOKIE, samesite="Lax")
