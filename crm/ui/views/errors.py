"""Pages for what goes wrong: each says what happened, what to do, and keeps what was typed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.core import clock, sockets
from crm.core.addresses import parts_of
from crm.core.errors import DomainError, NotAllowed, NotFound, TooMany
from crm.core.problems import MEDIA_TYPE, problem

logger = logging.getLogger(__name__)

#: Never shown again on a page: secrets, and what the frame itself put into the form.
_HIDDEN_FIELDS = ("csrfmiddlewaretoken", "password", "otp", "code", "token", "secret", "next", "key")
_KEPT_FIELDS, _KEPT_CHARS = 40, 20_000


@dataclass(frozen=True, slots=True)
class TypedField:
    """Something the person had typed, to copy or to send again."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def is_long(self) -> bool:
        return len(self.value) > 60 or "\n" in self.value


def typed_fields(request: HttpRequest) -> list[TypedField]:
    """The text fields of a refused form; secrets and empty fields are left out, and all of one that cannot be read."""
    if request.method != "POST":
        return []
    try:
        items = [(name, value) for name, values in request.POST.lists() for value in values]
    except (MultiPartParserError, SuspiciousOperation, OSError, ValueError):
        logger.info("the refused form could not be read")
        return []
    kept = [
        TypedField(name, value[:_KEPT_CHARS])
        for name, value in items
        if isinstance(value, str) and value.strip() and not any(part in name.lower() for part in _HIDDEN_FIELDS)
    ]
    return kept[:_KEPT_FIELDS]


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our pages: then it may offer to send it again."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and parts_of(origin).netloc == request.get_host()


def wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of a page (a boosted link is a whole page)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _base(request: HttpRequest) -> str:
    """Staff see the error inside the frame, so that they can go on; everybody else on a public page."""
    user = getattr(request, "user", None)
    try:
        return "base_app.html" if user is not None and user.is_authenticated else "base_public.html"
    except Exception:  # the session's database may be what failed
        logger.exception("the session could not be read while an error page was drawn")
        return "base_public.html"


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context.setdefault("typed", typed_fields(request) if request.method == "POST" else [])
    return render(request, template, {"base": _base(request), "status": status, **context}, status=status)


def _refused(
    request: HttpRequest, status: int, code: str, message: str, fields: dict[str, str] | None = None
) -> JsonResponse:
    """As JSON: problem details to callers of the API, a sentence with its fields to scripts of our own pages."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem(status, code, message), status=status, content_type=MEDIA_TYPE)
    return JsonResponse({"code": code, "message": message, "fields": fields or {}}, status=status)


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """An expected error as JSON, as a fragment at the place of the content, or as a page."""
    context: dict[str, Any] = {"error": error, "message": str(error.message)}
    if isinstance(error, NotAllowed):
        context.update(_missing_right(request, error.permission))
    if wants_json(request):
        fields = {name: str(text) for name, text in error.fields.items()}
        response: HttpResponse = _refused(request, error.status, error.code, str(error.message), fields)
    elif is_fragment(request):
        html = render_to_string("errors/_fragment.html", context, request=request)
        response = HttpResponse(html, status=error.status, headers={"X-Error-Fragment": "1"})
    else:
        template = "errors/403.html" if isinstance(error, NotAllowed) else "errors/domain.html"
        if isinstance(error, NotFound):
            template = "errors/404.html"
        response = _page(request, template, error.status, **context)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def _missing_right(request: HttpRequest, permission: str) -> dict[str, Any]:
    """The right's name for a person; staff also read who can grant it, up to three people."""
    from crm.accounts.models import User

    module, _dot, _action = permission.partition(".")
    entry = sockets.permissions.get(module)
    is_staff = getattr(request, "user", None) is not None and request.user.is_authenticated
    grantors = User.objects.active().filter(roles__is_administrator=True).distinct()[:3] if is_staff else []
    return {
        "permission": permission,
        "permission_label": sockets.permissions.label(permission)
        if permission in sockets.permissions.names
        else permission,
        "module_label": entry.label if entry else module,
        "grantors": list(grantors),
    }


def sign_in_required(request: HttpRequest) -> HttpResponse:
    """The session ended. A page keeps what was typed; a fragment opens the sign-in dialog."""
    address = login_address(request)
    if wants_json(request):
        return _refused(request, 401, "not_signed_in", _("Sign in again to go on."))
    return session_ended(request, address)


def session_ended(request: HttpRequest, address: str, **frame: str) -> HttpResponse:
    """A page that keeps what was typed and leads to the sign-in at that address; for a fragment, its dialog.

    frame: `base`, the template around it, where it is not the reader's own.
    """
    context = {"login_url": address, "can_resend": comes_from_here(request), **frame}
    if is_fragment(request):
        html = render_to_string("errors/_session_ended.html", context, request=request)
        return HttpResponse(html, status=401, headers={"X-Error-Fragment": "1", "HX-Trigger": "app:session-ended"})
    return _page(request, "errors/session_ended.html", 401, **context)


def login_address(request: HttpRequest) -> str:
    try:
        login = reverse(settings.LOGIN_URL)
    except NoReverseMatch:
        login = "/accounts/login/"
    back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
    path = parts_of(back)
    return f"{login}?next={path.path or '/'}"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Settings name this view: the form is too old or the session changed; the text is kept."""
    logger.info("form refused by the CSRF check: %s", reason)
    if wants_json(request):
        return _refused(request, 403, "csrf", _("This page is too old. Reload it and send again."))
    if is_fragment(request):
        html = render_to_string("errors/_session_ended.html", {"login_url": login_address(request)}, request=request)
        return HttpResponse(html, status=403, headers={"X-Error-Fragment": "1"})
    return _page(request, "errors/403_csrf.html", 403, can_resend=comes_from_here(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return _page(request, "errors/400.html", 400, typed=[])


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return _page(request, "errors/403.html", 403, message=str(exception) if exception else "")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    if wants_json(request):
        return _refused(request, 404, "not_found", str(NotFound.default))
    if is_fragment(request):
        html = render_to_string("errors/_fragment.html", {"message": str(NotFound.default)}, request=request)
        return HttpResponse(html, status=404, headers={"X-Error-Fragment": "1"})
    return _page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: touches neither session nor database, which may be what failed."""
    moment = clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")
    if wants_json(request):
        return _refused(request, 500, "error", _("Something failed on our side. Try again."))
    template = "errors/_fragment_500.html" if is_fragment(request) else "errors/500.html"
    html = render_to_string(template, {"moment": moment, "typed": _typed_safely(request)})
    headers = {"X-Error-Fragment": "1"} if is_fragment(request) else {}
    return HttpResponse(html, status=500, headers=headers)


def _typed_safely(request: HttpRequest) -> list[TypedField]:
    try:
        return typed_fields(request)
    except Exception:  # an error page must not fail on what the form holds
        logger.exception("the typed text could not be kept")
        return []
