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
from crm.messaging.sms.parts import parts_of

#: The marks around example values belong to the preview, not to the text, whose parts are counted.
_UNMARKED = str.maketrans("", "", "‹›")
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Preview:
    """One language of the mail, and of its text message with the parts it takes."""

    language: str
    language_name: str
    subject: str
    body: str
    sms: str = ""
    sms_parts: int = 0


def preview(declared: MailTemplateDeclaration, wording: dict[str, Any]) -> list[Preview]:
    """Each language with placeholders replaced by what they stand for, in angle brackets.

    wording: subject, body, sms.
    """
    brand = Brand.default()
    found = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            values = {key: f"‹{label}›" for key, label in declared.known.items()}
        values |= {"brand.name": brand.name.in_language(code), "brand.phone": brand.phone}
        texts = [Translated(wording.get(part) or {}).in_language(code) for part in ("subject", "body", "sms")]
        subject, body, sms = (_filled(text, values) for text in texts)
        found.append(Preview(code, name, subject, body, sms, parts_of(sms.translate(_UNMARKED)).count))
    return found


def in_words(declared: MailTemplateDeclaration, text: Translated) -> str:
    """A line of a mail in the reader's language, with what stands for a value named in angle brackets."""
    return _filled(str(text), {key: f"‹{label}›" for key, label in declared.known.items()})


def _filled(text: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
