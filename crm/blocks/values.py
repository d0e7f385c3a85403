"""What an author fills into a block: how it is asked for, checked, stored and shown.

One description serves the form and the check of stored JSON: both run the same form fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.text import row_id
from crm.core.translated import Translated, TranslatedFormField
from crm.ui import markdown
from crm.ui.generic.widgets import PickerSelect

from . import merge
from .declarations import Medium
from .pictures import Shelf

#: Addresses that a button may lead to: the web, mail, telephone, a part of this page, a page of our own.
_ADDRESS = re.compile(
    r"(https?://[^\s<>\"'\\]+|mailto:[^\s<>\"'\\]+|tel:\+?[0-9 ()-]{3,40}|#[\w-]{1,60}|/(?!/)[^\s<>\"'\\]*)"
)
_WHERE = gettext_lazy("https://…, a page of this site such as /help/, or #form for the form of this page")
#: Ends the name of the form field that takes a new picture.
UPLOAD = "_file"


@dataclass(frozen=True, slots=True)
class Place:
    """Where blocks stand. shelf: the pictures they may show; roots: whose words may be filled in, None for all."""

    medium: Medium = "page"
    shelf: Shelf | None = None
    roots: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One drawing. words: merge fields by key. link: what becomes of an address, such as one that counts clicks.

    base_url: put before addresses of our own, needed where a reader is not on our page.
    """

    language: str
    words: Mapping[str, object] = field(default_factory=dict)
    base_url: str = ""
    link: Callable[[str], str] = markdown.as_written

    def address(self, written: str) -> str:
        """Where a link leads."""
        whole = f"{self.base_url}{written}" if self.base_url and written.startswith("/") else written
        return self.link(whole)


@dataclass(frozen=True, slots=True)
class Value:
    """One thing to fill in. Subclasses say how. default: of a new block."""

    key: str
    label: Any
    required: bool = True
    help: Any = ""
    default: Any = None

    def fields(self, place: Place) -> dict[str, forms.Field]:
        """Form fields by name."""
        raise NotImplementedError

    def initial(self, stored: Any) -> dict[str, Any]:
        """What the form fields show. Raises `ValidationError` for stored JSON of another shape."""
        return {self.key: stored}

    def stored(self, cleaned: Mapping[str, Any]) -> Any:
        """What is kept of the form's cleaned values."""
        return cleaned[self.key]

    def check(self, stored: Any, place: Place) -> Any:
        """The JSON as it may be kept. Raises `ValidationError`."""
        raw = self.initial(stored)
        asked = {name: one for name, one in self.fields(place).items() if not isinstance(one, forms.FileField)}
        return self.stored({name: one.clean(raw.get(name)) for name, one in asked.items()})

    def shown(self, stored: Any, scene: Scene) -> Any:
        """What a template gets."""
        return stored


class WordsField(TranslatedFormField):
    """A text in both languages, whose braces all name something."""

    def __init__(self, *, roots: Sequence[str] | None, **kwargs: Any):
        super().__init__(**kwargs)
        self.roots = roots

    def compress(self, data_list: list[str]) -> Translated:
        texts = super().compress(data_list)
        for text in texts.values():
            merge.check(text, self.roots)
        return texts


@dataclass(frozen=True, slots=True)
class Words(Value):
    """Text in both languages; the one that is empty falls back to the other. limit: characters of each."""

    limit: int = 200
    multiline: bool = False

    def fields(self, place: Place) -> dict[str, forms.Field]:
        words = WordsField(
            roots=place.roots, multiline=self.multiline, max_length=self.limit, required=self.required,
            label=self.label, help_text=self.help,
        )  # fmt: skip
        if self.multiline:
            for widget in words.widget.widgets:
                widget.attrs["rows"] = 4
        return {self.key: words}

    def initial(self, stored: Any) -> dict[str, Any]:
        if stored is None:
            return {self.key: Translated()}
        if not isinstance(stored, dict) or not all(isinstance(text, str) for text in stored.values()):
            raise ValidationError(_("Expected a text for each language."))
        return {self.key: TranslatedFormField().widget.decompress(stored)}

    def shown(self, stored: Any, scene: Scene) -> Any:
        return merge.fill(self.text(stored, scene), scene.words)

    def text(self, stored: Any, scene: Scene) -> str:
        """As it is written, in the language of the scene."""
        return Translated(stored or {}).in_language(scene.language)


@dataclass(frozen=True, slots=True)
class Shown:
    """Markdown, drawn twice: for a browser and for the plain part of a mail."""

    html: str
    plain: str

    def __bool__(self) -> bool:
        return bool(self.plain.strip())


@dataclass(frozen=True, slots=True)
class Markdown(Words):
    """Text with Markdown signs. What is looked up for a reader never becomes a sign or a link."""

    limit: int = 10_000
    multiline: bool = True

    def shown(self, stored: Any, scene: Scene) -> Shown:
        text = merge.fill(self.text(stored, scene), scene.words, dress=markdown.escaped)
        html = markdown.render(text, link=scene.address).html
        return Shown(html, markdown.plain(text, link=scene.address))


@dataclass(frozen=True, slots=True)
class Choice(Value):
    """One of a few. choices: (stored, label)."""

    choices: Sequence[tuple[str, Any]] = ()

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {
            self.key: forms.ChoiceField(
                choices=list(self.choices), label=self.label, help_text=self.help, required=self.required
            )
        }

    def initial(self, stored: Any) -> dict[str, Any]:
        if not isinstance(stored, str | None):
            raise ValidationError(
                _("Expected one of: %(keys)s"), params={"keys": ", ".join(k for k, _l in self.choices)}
            )
        return {self.key: stored if stored is not None else self.choices[0][0]}


@dataclass(frozen=True, slots=True)
class Many(Value):
    """Any number of a few. choices(): (stored, label), read when the form is drawn."""

    choices: Callable[[], Sequence[tuple[str, Any]]] = tuple
    required: bool = False

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {
            self.key: forms.MultipleChoiceField(
                choices=self.choices, label=self.label, help_text=self.help, required=self.required,
                widget=forms.CheckboxSelectMultiple,
            )
        }  # fmt: skip

    def initial(self, stored: Any) -> dict[str, Any]:
        if not isinstance(stored, list | None) or not all(isinstance(key, str) for key in stored or ()):
            raise ValidationError(_("Expected a list of keys."))
        return {self.key: stored or []}


class AddressField(forms.CharField):
    """An address that a link may have; never one that runs something."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not _ADDRESS.fullmatch(text):
            raise ValidationError(_("Enter an address such as https://example.com, mailto:you@example.com or #form"))
        return text


@dataclass(frozen=True, slots=True)
class Address(Value):
    """Where a link leads."""

    help: Any = _WHERE

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {self.key: AddressField(label=self.label, help_text=self.help, required=self.required, max_length=500)}

    def initial(self, stored: Any) -> dict[str, Any]:
        if not isinstance(stored, str | None):
            raise ValidationError(_("Expected an address."))
        return {self.key: stored or ""}

    def shown(self, stored: Any, scene: Scene) -> str:
        return scene.address(stored) if isinstance(stored, str) and _ADDRESS.fullmatch(stored) else ""


@dataclass(frozen=True, slots=True)
class Picture(Value):
    """One of the pictures of the record, or a new one that is put there."""

    def fields(self, place: Place) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        choices = list(place.shelf.pictures().items()) if place.shelf is not None else None
        if choices is None:
            found[self.key] = forms.UUIDField(label=self.label, required=self.required)
            return found
        found[self.key] = forms.ChoiceField(
            choices=[("", _("No picture")), *choices], label=self.label, required=self.required,
            error_messages={"required": _("Choose a picture, or add one")},
        )  # fmt: skip
        found[self.key + UPLOAD] = forms.FileField(
            label=_("Add a picture"), required=False,
            widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        )  # fmt: skip
        return found

    def initial(self, stored: Any) -> dict[str, Any]:
        if not isinstance(stored, str | None):
            raise ValidationError(_("Expected the id of a picture."))
        return {self.key: stored or ""}

    def stored(self, cleaned: Mapping[str, Any]) -> str:
        return str(cleaned[self.key] or "")

    def shown(self, stored: Any, scene: Scene) -> str:
        try:
            return f"{scene.base_url}{reverse('files:attachment_preview', args=[UUID(str(stored))])}"
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Record(Value):
    """A row of another room. kind: its Kind key, which the picker searches; rows(): what may be chosen."""

    kind: str = ""
    rows: Callable[[], Any] = dict

    def fields(self, place: Place) -> dict[str, forms.Field]:
        return {
            self.key: forms.ModelChoiceField(
                self.rows(), label=self.label, help_text=self.help, required=self.required, empty_label="",
                widget=PickerSelect(self.kind),
            )
        }  # fmt: skip

    def initial(self, stored: Any) -> dict[str, Any]:
        if stored not in (None, "") and row_id(str(stored)) is None:
            raise ValidationError(_("Expected the number of a record."))
        return {self.key: stored}

    def stored(self, cleaned: Mapping[str, Any]) -> int | None:
        row = cleaned[self.key]
        return None if row is None else int(row.pk)


@dataclass(frozen=True, slots=True)
class Items(Value):
    """The same few texts several times, such as three columns. most: of them; empty ones are not kept."""

    values: Sequence[Words] = ()
    most: int = 4

    def fields(self, place: Place) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for number in range(self.most):
            for value in self.values:
                (one,) = value.fields(place).values()
                found[self.name(number, value)] = one
        return found

    def name(self, number: int, value: Value) -> str:
        """The form field of one text of one item."""
        return f"{self.key}_{number}_{value.key}"

    def initial(self, stored: Any) -> dict[str, Any]:
        rows = stored if stored is not None else []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError(_("Expected a list of items."))
        if len(rows) > self.most:
            raise ValidationError(_("At most %(most)s items."), params={"most": self.most})
        found: dict[str, Any] = {}
        for number in range(self.most):
            row = rows[number] if number < len(rows) else {}
            for value in self.values:
                found[self.name(number, value)] = value.initial(row.get(value.key))[value.key]
        return found

    def stored(self, cleaned: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = [{value.key: cleaned[self.name(number, value)] for value in self.values} for number in range(self.most)]
        rows = [row for row in rows if any(row.values())]
        if self.required and not rows:
            raise ValidationError(_("Fill in at least one item."))
        return rows

    def shown(self, stored: Any, scene: Scene) -> list[dict[str, Any]]:
        return [{value.key: value.shown(row.get(value.key), scene) for value in self.values} for row in stored or ()]
