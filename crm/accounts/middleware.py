"""Puts `request.actor` on every request, resolved once and only when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from crm.core import clock
from crm.core.actor import Actor

from .access import actor_for
from .models import User

SEEN_EVERY = dt.timedelta(minutes=1)


def _actor(request: HttpRequest) -> Actor:
    return actor_for(request.user) if request.user.is_authenticated else Actor.guest()


class ActorMiddleware:
    """Guests get a guest actor. A signed-in user's presence is stamped at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if "_auth_user_id" in request.session and request.user.is_authenticated:
            _stamp(request.user)
        return response


def _stamp(user: User) -> None:
    now = clock.now()
    if user.last_seen_at is None or now - user.last_seen_at > SEEN_EVERY:
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
