"""Puts `request.visit` on every request: the contact signed in to the portal, looked up once somebody asks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .portals.visits import COOKIE, is_on, visit_of

Handler = Callable[[HttpRequest], HttpResponse]


class PortalMiddleware:
    """`request.visit` is falsy for whoever is not signed in as a contact; `request.actor` is never a contact.

    `request.portal_is_on` tells the header of public pages whether to offer the sign-in.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visit = SimpleLazyObject(lambda: visit_of(request)) if COOKIE in request.COOKIES else None
        request.visit = visit  # type: ignore[attr-defined]
        request.portal_is_on = SimpleLazyObject(is_on)  # type: ignore[attr-defined]
        return self.get_response(request)
