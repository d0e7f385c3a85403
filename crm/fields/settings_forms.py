"""What an administrator fills in about a custom field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .choices import OPTION_TYPES
from .models import CustomField
from .registry import custom_kinds
from .selectors import usage

#: Empty rows that wait for further choices.
SPARE_ROWS = 3
_ROW = re.compile(r"\d{1,3}")


class OptionsWidget(forms.Widget):
    """One row a choice: its place, its text in each language, whether it is offered. Works without JavaScript."""

    template_name = "fields/widgets/options.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        numbers = [key.removeprefix(f"{name}-").removesuffix("-place") for key in data if key.startswith(f"{name}-")]
        rows = [self._row(data, f"{name}-{number}") for number in numbers if _ROW.fullmatch(number)]
        rows = [row for row in rows if any(row[code] for code, _language in settings.LANGUAGES)]
        return {"rows": sorted(rows, key=lambda row: row["place"]), "more": f"{name}-more" in data}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-TOTAL_FORMS" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{settings.LANGUAGES[0][0]}" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = rows_of(value)
        drawn = [self._drawn(name, number, option) for number, option in enumerate(options)]
        spare = range(len(drawn), len(drawn) + SPARE_ROWS)
        context["widget"] |= {
            "rows": [*drawn, *(self._drawn(name, number, {}) for number in spare)],
            "blank": self._drawn(name, "__prefix__", {}),
            "total": len(drawn) + SPARE_ROWS,
            "languages": settings.LANGUAGES,
        }
        return context

    def _row(self, data: Any, row: str) -> dict[str, Any]:
        place = data.get(f"{row}-place", "")
        texts = {code: data.get(f"{row}-{code}", "").strip()[:200] for code, _language in settings.LANGUAGES}
        offered = f"{row}-offered" in data
        number = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else 99_999
        return {"value": data.get(f"{row}-value", "")[:40], **texts, "is_active": offered, "place": number}

    def _drawn(self, name: str, number: int | str, option: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "name": f"{name}-{number}",
            "place": (int(number) + 1) * 10 if isinstance(number, int) else 990,
            "value": option.get("value", ""),
            "texts": [(code, language, option.get(code, "")) for code, language in settings.LANGUAGES],
            "offered": option.get("is_active", True),
        }


class OptionsField(forms.Field):
    """Choices; cleaned to {place: option}, so that two orders of the same choices differ."""

    widget = OptionsWidget

    def clean(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Mapping) and value.get("more"):
            raise ValidationError(_("Here are further rows. Fill them in, then save."), code="more")
        return by_place(rows_of(value))

    def prepare_value(self, value: Any) -> Any:
        return rows_of(value)


class CustomFieldForm(forms.ModelForm):
    """A field that exists. Its key is for good; so is the kind of answer once records answer it."""

    options = OptionsField(
        label=_("Choices"),
        required=False,
        help_text=_(
            "In the order that the places say. Clear both texts to remove a choice; one that records answer"
            " stays, but is no longer offered."
        ),
    )

    class Meta:
        model = CustomField
        fields: Sequence[str] = (
            "name", "help", "type", "options", "is_staff_only", "is_listed", "is_indexed", "is_active", "order",
        )  # fmt: skip
        help_texts = {
            "help": _("Stands under the question, such as where to find the number."),
            "is_staff_only": _("Customers are neither asked nor shown it."),
            "is_listed": _("A column and a filter of the list, a field of conditions, a cell of exports."),
            "is_indexed": _(
                "Lists sort by it, and find its answers quickly among very many records. At most ten fields."
            ),
            "is_active": _("Off: it is no longer asked; answers are kept and still shown."),
            "order": _("Smaller numbers stand first."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.used = usage(self.instance) if self.instance.pk else 0
        if self.used:
            self.fields["type"].disabled = True
            self.fields["type"].help_text = _("Records answer this, so the kind of answer stays.")
        self.initial["options"] = by_place(self.instance.options)

    def clean_options(self) -> dict[str, Any]:
        """A page that hid the choices, as for a date, says nothing about them."""
        name = self.add_prefix("options")
        if self.fields["options"].widget.value_omitted_from_data(self.data, self.files, name):
            return self.initial["options"]  # type: ignore[no-any-return]
        return self.cleaned_data["options"]  # type: ignore[no-any-return]

    @property
    def shows_options(self) -> str:
        """When the choices stand on the page: what its script reads, "always" or "never" where the type is fixed."""
        if self.fields["type"].disabled:
            return "always" if self.instance.has_options else "never"
        return f"type={','.join(sorted(OPTION_TYPES))}"


class NewCustomFieldForm(CustomFieldForm):
    """A new field: also whose it is and its key."""

    kind = forms.TypedChoiceField(label=_("Record"), coerce=int, choices=lambda: kind_choices())

    class Meta(CustomFieldForm.Meta):
        fields = ("name", "key", *CustomFieldForm.Meta.fields[1:])
        help_texts = {
            **CustomFieldForm.Meta.help_texts,
            "key": _("A short word for links, imports and rules, such as order_number. It never changes."),
        }

    field_order = ("kind", "name", "key")


def kind_choices() -> list[tuple[int, Any]]:
    """The kinds of records that take custom fields."""
    return [(entry.kind.code, entry.kind.label_plural) for entry in custom_kinds]


def by_place(options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Options under their place, counted from 1."""
    return {f"{number:03}": dict(option) for number, option in enumerate(options, 1)}


def rows_of(value: Any) -> list[dict[str, Any]]:
    """The options of any of the shapes that a form holds: posted, by place, or stored."""
    if isinstance(value, Mapping):
        value = value["rows"] if "rows" in value else [value[place] for place in sorted(value)]
    return [{key: entry for key, entry in row.items() if key != "place"} for row in value or []]
