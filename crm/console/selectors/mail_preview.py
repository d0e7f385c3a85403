"""A mail text as it would read, with example values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from crm.core.models import Brand
from crm.core.translated import Translated
from crm.messaging.declarations import MailTemplateDeclaration

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Preview:
    """One language of the mail."""

    language: str
    language_name: str
    subject: str
    body: str


def preview(declared: MailTemplateDeclaration, wording: dict[str, Any]) -> list[Preview]:
    """Each language with placeholders replaced by what they stand for, in angle brackets. wording: subject, body."""
    brand = Brand.default()
    found = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            values = {key: f"‹{label}›" for key, label in declared.known.items()}
        values |= {"brand.name": brand.name.in_language(code), "brand.phone": brand.phone}
        subject, body = (_filled(Translated(wording[part]).in_language(code), values) for part in ("subject", "body"))
        found.append(Preview(code, name, subject, body))
    return found


def _filled(text: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
