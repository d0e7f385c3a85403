"""The least a staff page asks for: somebody signed in. Permissions come on top, in the view or the action."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .views import errors

View = Callable[..., HttpResponse]


def staff_required(view: View) -> View:
    """A guest is sent to sign in: by redirect when reading, by a page that keeps the text when sending."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and not errors.is_fragment(request) and not errors.wants_json(request):
            return redirect(errors.login_address(request))
        return errors.sign_in_required(request)

    guarded.permission = ""  # type: ignore[attr-defined]
    return guarded
