"""Texts that an administrator writes once per language, such as a status or a request type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .text import clean_line, clean_text


class Translated(dict[str, str]):
    """Language code → text. `str()` gives the active language, else the first that has text."""

    def __str__(self) -> str:
        return self.in_language(translation.get_language() or settings.LANGUAGE_CODE)

    def in_language(self, code: str) -> str:
        """The text in that language, falling back to any that is filled."""
        return self.get(code) or next((text for text in self.values() if text), "")

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def in_all_languages(text: object) -> Translated:
    """A lazy text of the code as it reads in each language, to be stored with what happened."""
    found = Translated()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = str(text)
    return found


def listed(texts: Iterable[Translated]) -> Translated:
    """Several names as one line in each language, with commas between them."""
    names = list(texts)
    return Translated({code: ", ".join(name.in_language(code) for name in names) for code, _name in settings.LANGUAGES})


class TranslatedWidget(forms.MultiWidget):
    """One input per language, each labelled with the language's own name."""

    template_name = "ui/components/translated_input.html"

    def __init__(self, multiline: bool = False, attrs: dict[str, Any] | None = None):
        widget = forms.Textarea if multiline else forms.TextInput
        super().__init__(
            {code.replace("-", "_"): widget(attrs={"lang": code}) for code, _name in settings.LANGUAGES},
            attrs,
        )

    def decompress(self, value: dict[str, str] | str | None) -> list[str]:
        """A plain text, as an address brings it, is the first language's."""
        if isinstance(value, str):
            value = {settings.LANGUAGES[0][0]: value}
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for widget, (code, label) in zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True):
            widget["language_code"], widget["language_name"] = code, label
            widget["attrs"]["aria-label"] = label
        return context


class TranslatedFormField(forms.MultiValueField):
    """At least one language is asked for; the others fall back to it."""

    def __init__(self, *, multiline: bool = False, max_length: int | None = None, required: bool = True, **kwargs: Any):
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        self.multiline = multiline
        fields = [forms.CharField(max_length=max_length, required=False) for _language in settings.LANGUAGES]
        kwargs.setdefault("widget", TranslatedWidget(multiline))
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> Translated:
        clean = clean_text if self.multiline else clean_line
        texts = zip(settings.LANGUAGES, data_list or [], strict=False)
        value = Translated({code: clean(text) for (code, _name), text in texts if text})
        if self.required and not value:
            raise ValidationError(_("Enter the text in at least one language"), code="required")
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.widget.decompress(initial) if isinstance(initial, dict) else initial, data)


class TranslatedField(models.JSONField):
    """A `Translated` stored as JSONB."""

    def __init__(self, *args: Any, multiline: bool = False, max_length: int | None = None, **kwargs: Any):
        self.multiline = multiline
        self.text_limit = max_length
        kwargs.setdefault("default", Translated)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        loaded = super().from_db_value(value, expression, connection)
        return Translated(loaded) if isinstance(loaded, dict) else loaded

    def to_python(self, value: Any) -> Any:
        return Translated(value) if isinstance(value, dict) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(value) if isinstance(value, dict) else value)

    def formfield(self, **kwargs: Any) -> Any:
        return TranslatedFormField(
            multiline=self.multiline,
            max_length=self.text_limit,
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
        )
