"""Words looked up for each reader: `{{contact.name|friend}}`. A table look-up; no engine runs anybody's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.core.text import clean_line

from .declarations import MergeField, merge_fields

#: A field by its key, and after a stroke the word for those of whom nothing is known.
_FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_.]{0,60}?)\s*(?:\|([^{}|\n]{0,60}))?\}\}")
LIMIT = 200


def offered(roots: Sequence[str] | None = None) -> list[MergeField]:
    """The fields that may be written. roots: what the caller can look up, None for everything."""
    return [field for field in merge_fields if roots is None or field.root in roots]


def values_of(**rows: object) -> dict[str, str]:
    """Every declared field of the given rows: `values_of(contact=contact, brand=brand)`. A missing row gives none."""
    return {
        field.key: clean_line(str(field.read(rows[field.root]) or ""), LIMIT)
        for field in merge_fields
        if rows.get(field.root) is not None
    }


def examples(roots: Sequence[str] | None = None) -> dict[str, str]:
    """Every field with the value that previews show."""
    return {field.key: str(field.example) for field in offered(roots)}


def check(text: str, roots: Sequence[str] | None = None) -> None:
    """Raises `ValidationError` for braces that name no field, so that none reaches a reader."""
    known = {field.key for field in offered(roots)}
    for key, _fallback in _FIELD.findall(text):
        if key not in known:
            raise ValidationError(
                _("There is no {{%(name)s}} to fill in here. Choose one from the list."), params={"name": key}
            )
    if "{{" in _FIELD.sub("", text):
        raise ValidationError(_("Write words to fill in like this: {{contact.name|friend}}"))


def fill(text: str, values: Mapping[str, object], dress: Callable[[str], str] = str) -> str:
    """The text with its fields looked up, else their fallback word, else nothing.

    dress: makes a value safe for where the text goes, such as Markdown. One pass: a value that looks like a field is
    not looked up again. What it returns is plain text, never markup.
    """
    if "{{" not in text:
        return text

    def word(match: re.Match[str]) -> str:
        known = clean_line(str(values.get(match[1]) or ""), LIMIT)
        return dress(known or (match[2] or "").strip())

    return _FIELD.sub(word, text)
