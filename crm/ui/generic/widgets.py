"""A select for many rows: plain without JavaScript (the chosen and the first ones), searchable with htmx."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from crm.core.text import row_id

FIRST = 50


class PickerSelect(forms.Select):
    """`widget=PickerSelect("user")` on a `ModelChoiceField`. kind: the Kind key that /pick/<kind>/ searches.

    Draws the chosen row and the first fifty of the field's queryset; the field itself validates against all.
    """

    template_name = "ui/generic/widgets/picker.html"

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.kind = kind

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        if isinstance(self.choices, ModelChoiceIterator):
            rows, field = self.choices.queryset, self.choices.field
            chosen = [key for key in value if row_id(str(key)) is not None]
            found = [*rows.filter(pk__in=chosen), *rows.exclude(pk__in=chosen)[:FIRST]]
            empty = [("", field.empty_label)] if field.empty_label is not None else []
            self.choices = [*empty, *((row.pk, field.label_from_instance(row)) for row in found)]
        return super().optgroups(name, value, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "kind": self.kind}
