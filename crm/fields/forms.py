"""Custom fields as inputs, and the check of what came back.

class ReturnForm(CustomFieldsMixin, forms.Form):
    ...
form = ReturnForm(request.POST or None, request.FILES or None, questions=questions)
if form.is_valid():
    form.answers  # {"order_number": "JD-2026-11", "since": "2026-03-31"}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.core.errors import Invalid
from crm.core.text import clean_line

from . import values as stored
from .answers import ALWAYS, NEVER, WHEN, Question, catalogue_of, is_required, is_shown
from .choices import MAX_LENGTH, FieldType
from .models import CustomField

#: Custom fields stand beside a form's own fields under names of their own.
PREFIX = "custom_"

_MISSING = {
    FieldType.CHOICE: gettext_lazy("Choose an answer for “%(question)s”."),
    FieldType.MANY_CHOICE: gettext_lazy("Choose at least one answer for “%(question)s”."),
    FieldType.BOOLEAN: gettext_lazy("Answer “%(question)s” with yes or no."),
    FieldType.DATE: gettext_lazy("Enter a date for “%(question)s”."),
    FieldType.NUMBER: gettext_lazy("Enter a number for “%(question)s”."),
    FieldType.PHOTO: gettext_lazy("Add a photo for “%(question)s”."),
}
_MISSING_TEXT = gettext_lazy("Fill in “%(question)s”.")
_OFF = {"autocomplete": "off"}
_CODE = {**_OFF, "autocapitalize": "characters", "spellcheck": "false"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The plainest question: a field, required or not, always shown."""

    field: CustomField
    required: str = NEVER
    shown: str = ALWAYS
    condition: Any = default(default_factory=dict)


class TextAnswer(forms.CharField):
    """A text type; cleaned to the normalised text."""

    def __init__(self, *, type: str, **kwargs: Any) -> None:
        self.type = type
        super().__init__(strip=False, empty_value="", **kwargs)

    def to_python(self, value: Any) -> str:
        return "" if value in self.empty_values else _checked(stored.checked_text, self.type, value)


class NumberAnswer(forms.Field):
    """A number; cleaned to a Decimal. A text input, so that a phone shows digits and full-width ones are read."""

    def to_python(self, value: Any) -> Any:
        return None if _is_blank(value) else _checked(stored.checked_number, value)

    def prepare_value(self, value: Any) -> Any:
        return format(value, "f") if hasattr(value, "as_tuple") else value


class DateAnswer(forms.Field):
    """A day; cleaned to a date."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "1900-01-01", "max": "2200-12-31"})

    def to_python(self, value: Any) -> dt.date | None:
        return None if _is_blank(value) else _checked(stored.checked_date, value)


class BooleanAnswer(forms.TypedChoiceField):
    """Yes, no, or nothing said."""

    _WORDS = {"true": "True", "yes": "True", "1": "True", "on": "True", "false": "False", "no": "False", "0": "False"}

    def __init__(self, **kwargs: Any) -> None:
        choices = [("True", pgettext_lazy("answer", "Yes")), ("False", pgettext_lazy("answer", "No"))]
        kwargs["error_messages"] = {**kwargs.get("error_messages", {}), "invalid_choice": _("Answer with yes or no.")}
        super().__init__(
            choices=choices,
            coerce=lambda word: str(word) == "True",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        text = "" if value in self.empty_values else str(value)
        return self._WORDS.get(text.lower(), text)


class PhotoInput(forms.FileInput):
    """Several pictures; a phone offers its camera. Names of files that were sent before count too."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        sent = files.getlist(name) if isinstance(files, MultiValueDict) else files.get(name, [])
        named = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return [*_as_list(sent), *_as_list(named)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and name not in data


class PhotoAnswer(forms.Field):
    """Photos, cleaned to the names of their files; the files themselves are the message's attachments."""

    widget = PhotoInput(attrs={"accept": "image/*", "multiple": True})

    def to_python(self, value: Any) -> list[str]:
        names = [clean_line(str(getattr(entry, "name", entry)), 200) for entry in _as_list(value)]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > stored.MAX_PHOTOS:
            raise ValidationError(_("Add at most %(limit)s photos.") % {"limit": stored.MAX_PHOTOS}, code="too_many")
        return names


def form_field(
    entry: CustomField, *, required: bool = False, language: str | None = None, present: Any = None
) -> forms.Field:
    """The input for a field, its label and help in the language (by default the active one).

    present: the stored answer it will show; an option no longer offered stays choosable while it is the answer.
    """
    language = language or translation.get_language() or "en"
    label = entry.name.in_language(language)
    common: dict[str, Any] = {
        "label": label,
        "help_text": entry.help.in_language(language),
        "required": required,
        "error_messages": {"required": _MISSING.get(FieldType(entry.type), _MISSING_TEXT) % {"question": label}},
    }
    if entry.type in {FieldType.CHOICE, FieldType.MANY_CHOICE}:
        return _choice_field(entry, common, language, present)
    if entry.type == FieldType.BOOLEAN:
        return BooleanAnswer(**common)
    if entry.type == FieldType.DATE:
        return DateAnswer(**common)
    if entry.type == FieldType.NUMBER:
        return NumberAnswer(widget=forms.TextInput(attrs={**_OFF, "inputmode": "decimal", "maxlength": 40}), **common)
    if entry.type == FieldType.PHOTO:
        return PhotoAnswer(**common)
    limit = MAX_LENGTH[FieldType(entry.type)]
    widget: forms.Widget = {
        FieldType.LONG_TEXT: forms.Textarea(attrs={"rows": 4, "maxlength": limit}),
        FieldType.ROOM: forms.TextInput(attrs={**_OFF, "maxlength": limit}),
        FieldType.ORDER_NUMBER: forms.TextInput(attrs={**_CODE, "maxlength": limit}),
        FieldType.DEVICE: forms.TextInput(attrs={**_CODE, "maxlength": limit}),
    }.get(FieldType(entry.type), forms.TextInput(attrs={"maxlength": limit}))
    return TextAnswer(type=entry.type, widget=widget, **common)


def clean_answers(
    questions: Sequence[Question],
    data: Mapping[str, Any],
    files: Mapping[str, Any] | None = None,
    *,
    prefix: str = "",
    present: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What a form or an API call answered: (key → JSON to store, key → sentences that say what to do).

    data: answers by `prefix` and key, a plain mapping or a QueryDict (then with `files`). present: the stored
    answers where a record is edited. A question that its condition hides is not asked: whatever came for it is
    dropped. Questions are decided in order, so a condition asks about earlier ones.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    catalogue = catalogue_of([question.field for question in questions])
    for question in questions:
        if not is_shown(question, answers, catalogue):
            continue
        entry = question.field
        required = is_required(question, answers, catalogue)
        field = form_field(entry, required=required, present=(present or {}).get(entry.key))
        raw = field.widget.value_from_datadict(data, files or MultiValueDict(), prefix + entry.key)
        try:
            value = stored.to_json(entry.type, field.clean(raw))
        except ValidationError as error:
            errors[entry.key] = list(error.messages)
            continue
        if value is not None:
            answers[entry.key] = value
    return answers, errors


class CustomFieldsMixin:
    """Puts custom fields behind a form's own: `questions` decides which, `present` is the record's `custom`.

    After `is_valid()`, `answers` is what to store, and `cleaned_data` has each under "custom_" and its key, None for
    no answer. A wrong answer is an error of its own input.
    """

    fields: dict[str, forms.Field]
    initial: dict[str, Any]
    data: Any
    files: Any

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question] = (),
        present: Mapping[str, Any] | None = None,
        language: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = dict(self.initial)
        self.questions, self.present = tuple(questions), dict(present or {})
        self.answers: dict[str, Any] = {}
        for question in self.questions:
            entry, value = question.field, self.present.get(question.field.key)
            # The browser must not insist on what a condition may excuse; `clean_answers` decides.
            always = question.required == ALWAYS and question.shown != WHEN
            field = form_field(entry, required=always, language=language, present=value)
            self.fields[PREFIX + entry.key] = field
            self.initial.setdefault(PREFIX + entry.key, stored.from_json(entry.type, value))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        prefix = self.add_prefix(PREFIX)  # type: ignore[attr-defined]
        self.answers, errors = clean_answers(self.questions, self.data, self.files, prefix=prefix, present=self.present)
        for question in self.questions:
            name, key = PREFIX + question.field.key, question.field.key
            if key not in errors:  # a question that is not asked cannot be wrong
                self.errors.pop(name, None)  # type: ignore[attr-defined]
            elif name not in self.errors:  # type: ignore[attr-defined]
                self.add_error(name, errors[key])  # type: ignore[attr-defined]
            if name not in self.errors:  # type: ignore[attr-defined]
                cleaned[name] = self.answers.get(key)
        return cleaned  # type: ignore[no-any-return]


def _choice_field(entry: CustomField, common: dict[str, Any], language: str, present: Any) -> forms.Field:
    kept = set(_as_list(present))
    offered = {value for value, _label in entry.choices()}
    choices = [
        (value, label.in_language(language))
        for value, label in entry.choices(all=True)
        if value in offered or value in kept
    ]
    known = {value for value, _label in choices}
    choices += [(value, value) for value in sorted(kept - known) if isinstance(value, str)]
    common["error_messages"]["invalid_choice"] = _("Choose one of the listed answers.")
    if entry.type == FieldType.CHOICE:
        return forms.ChoiceField(choices=[("", _("Choose")), *choices], **common)
    common["error_messages"]["invalid_list"] = _("Choose from the listed answers.")
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)


def _checked(check: Any, *args: Any) -> Any:
    try:
        return check(*args)
    except Invalid as error:
        raise ValidationError(str(error), code="invalid") from None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
