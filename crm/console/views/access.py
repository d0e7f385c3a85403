"""How a view of this room says what it asks for."""

from __future__ import annotations

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse

from crm.ui.access import View, staff_required


def public(view: View) -> View:
    """Open to everybody, said aloud."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Any:
    """Signed in and holding the permission; otherwise the sign-in page, or a 403 that names it."""

    def decorate(view: View) -> View:
        @staff_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.actor.require(permission)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
