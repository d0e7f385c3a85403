"""What an administrator fills in about the questions and the links of a request type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.fields.answers import ANSWERS, catalogue_of
from crm.fields.choices import FieldType
from crm.fields.forms import PREFIX, Asked, clean_answers, form_field
from crm.fields.models import CustomField

from ..choices import Required, Shown
from ..links import MAX_CODES, read_lines
from ..models import RequestTypeQuestion


class QuestionForm(forms.ModelForm):
    """A question of a type. before: the questions that stand before it, which its condition may ask about."""

    class Meta:
        model = RequestTypeQuestion
        fields = ("field", "required", "shown", "preset")
        help_texts = {
            "preset": _("A link or QR code may bring the answer, such as the room it hangs in."),
        }

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        before: Sequence[RequestTypeQuestion],
        taken: Sequence[int],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [("", _("Typed only")), *self.fields["preset"].choices[1:]]  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["field"]
        else:
            fields = CustomField.objects.of_kind("ticket").active().exclude(pk__in=taken)
            self.fields["field"].queryset = fields  # type: ignore[attr-defined]
            self.fields["field"].empty_label = _("Choose a field")  # type: ignore[attr-defined]
        catalogue = catalogue_of([row.field for row in before])
        if not list(catalogue.fields):
            for name, choices in (("required", Required.choices), ("shown", Shown.choices)):
                self.fields[name].choices = [choice for choice in choices if choice[0] != "when"]  # type: ignore[attr-defined]
            return
        self.fields["condition"] = ConditionFormField(
            on=ANSWERS, author=actor, catalogue=catalogue, label=_("Condition on the answers before it"), required=False
        )
        self.initial.setdefault("condition", self.instance.condition)


class LinksForm(forms.Form):
    """Answers that a link brings; `lines` makes one code a line, each with its own answer to the question `each`."""

    each = forms.ChoiceField(
        label=_("One code for each"),
        required=False,
        help_text=_("The question that differs from code to code, such as the room."),
    )
    lines = forms.CharField(
        label=_("Answers, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("1204, or with words for the label: 1204 = Room 1204, tower B. At most 200 lines."),
    )

    def __init__(self, *args: Any, questions: Sequence[RequestTypeQuestion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        excluded = {FieldType.PHOTO, FieldType.MANY_CHOICE, FieldType.LONG_TEXT}
        self.presettable = [row for row in questions if row.preset and row.field.type not in excluded]
        for row in self.presettable:
            self.fields[PREFIX + row.field.key] = form_field(row.field)
        choices = [(row.field.key, str(row.field.name)) for row in self.presettable]
        self.fields["each"].choices = [("", _("One code only")), *choices]  # type: ignore[attr-defined]
        self.order_fields([*(PREFIX + row.field.key for row in self.presettable), "each", "lines"])

    def clean_lines(self) -> list[tuple[str, str]]:
        try:
            return read_lines(self.cleaned_data["lines"])
        except Invalid as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        each, lines = values.get("each"), values.get("lines")
        if lines and not each:
            self.add_error("each", _("Choose which question the lines answer"))
        if each and lines is not None and not lines:
            self.add_error("lines", _("Write at least one answer"))
        row = next((row for row in self.presettable if row.field.key == each), None)
        for value, _label in lines or () if row is not None else ():
            problems = clean_answers([Asked(row.field)], {each: value})[1]
            if problems:
                text = _("%(line)s: %(problem)s") % {"line": value, "problem": problems[each][0]}
                self.add_error("lines", text)
        return values

    def codes(self) -> list[tuple[str, dict[str, str]]]:
        """(label, answers of the address) of each code; the label of a single one is empty."""
        given = {
            row.field.key: self.data.get(PREFIX + row.field.key, "").strip()
            for row in self.presettable
            if self.cleaned_data.get(PREFIX + row.field.key) not in (None, "")
        }
        each, lines = self.cleaned_data["each"], self.cleaned_data["lines"]
        if not each:
            return [("", given)]
        return [(label, {**given, each: value}) for value, label in lines[:MAX_CODES]]
