"""Every refusal looks the same, as `crm.core.problems` says; bodies are pointed into, parameters and headers named."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany
from crm.core.problems import MEDIA_TYPE, problem
from crm.fields.forms import PREFIX

#: The header by which a call is told from its repetition.
IDEMPOTENCY_KEY = "Idempotency-Key"

logger = logging.getLogger(__name__)


def answer(error: Exception, context: Any = None) -> Response | None:
    """The answer to an expected error; None for one that nobody expected."""
    if isinstance(error, ValidationError):
        found, request = flat(error.detail), (context or {}).get("request")
        place = "parameter" if request is not None and request.method in {"GET", "HEAD"} else "pointer"
        place = "header" if set(found) == {IDEMPOTENCY_KEY} else place
        return _refused(400, "invalid", _("Some values do not fit. “errors” says which and why."), found, place)
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        return _refused(403, "not_allowed", str(NotAllowed.default))
    elif isinstance(error, IntegrityError):
        logger.warning("a call clashed with what is stored", exc_info=error)
        error = Conflict()
    elif isinstance(error, DataError):
        logger.warning("a call held a value that the database refused", exc_info=error)
        error = Invalid()
    if isinstance(error, DomainError):
        return _domain(error)
    if isinstance(error, APIException):
        detail = error.detail
        code = str(getattr(detail, "code", error.default_code))
        response = _refused(error.status_code, code, str(detail))
        return response
    return None


def _domain(error: DomainError) -> Response:
    fields = {_named(name): str(text) for name, text in error.fields.items()}
    response = _refused(error.status, error.code, str(error.message), fields)
    if isinstance(error, NotAllowed):
        response.data["permission"] = error.permission
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_seconds)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _refused(
    status: int, code: str, detail: str, fields: dict[str, str] | None = None, place: str = "pointer"
) -> Response:
    return Response(problem(status, code, detail, fields, place=place), status=status, content_type=MEDIA_TYPE)


def _named(name: str) -> str:
    """A custom field as callers name it: custom.room for the form's custom_room."""
    return f"custom.{name.removeprefix(PREFIX)}" if name.startswith(PREFIX) else name


def flat(detail: Any, path: str = "") -> dict[str, str]:
    """Nested errors by path, the first sentence of each: {"lines.1.quantity": "…"}; "" for the whole."""
    if isinstance(detail, dict):
        found: dict[str, str] = {}
        for name, inner in detail.items():
            found |= flat(inner, path if name == "non_field_errors" else f"{path}.{name}" if path else str(name))
        return found
    if isinstance(detail, list):
        if detail and not isinstance(detail[0], dict | list):
            return {path: str(detail[0])}
        found = {}
        for place, inner in enumerate(detail):
            found |= flat(inner, f"{path}.{place}" if path else str(place))
        return found
    return {path: str(detail)}
