"""What every template has: `brand`, `ui` and, for the frame, `shell`. Nothing is read until it is used."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from . import preferences
from .shell import Shell

logger = logging.getLogger(__name__)


class NoBrand:
    """Stands in while the database does not answer or holds no brand, so that error pages still render."""

    name = "CRM"
    phone = ""
    sender_email = ""

    def __str__(self) -> str:
        return self.name


def _brand() -> Any:
    from crm.core.models import Brand

    try:
        return Brand.default()
    except (DatabaseError, Brand.DoesNotExist):
        logger.warning("no brand could be read; pages show a neutral name")
        return NoBrand()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    ui = getattr(request, "ui", None) or preferences.Preferences(language=get_language() or "en")
    return {"brand": SimpleLazyObject(_brand), "ui": ui, "shell": Shell(request)}
