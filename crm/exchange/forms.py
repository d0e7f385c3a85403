"""The file, and what its columns mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .choices import DateOrder, Existing
from .declarations import Importer
from .limits import MAX_BYTES, MAX_ROWS
from .models import Import

COLUMN = "column_"


class FileForm(forms.Form):
    """CSV or XLSX; the bytes say which."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV"),
        required=False,
        choices=[
            ("", _("Find out")),
            ("utf-8-sig", "UTF-8"),
            ("gb18030", "GBK / GB18030"),
            ("utf-16", "UTF-16"),
            ("big5", "Big5"),
            ("cp1252", "Windows 1252"),
        ],
        help_text=_("Choose one only when letters come out wrong."),
    )
    delimiter = forms.ChoiceField(
        label=_("Separator of a CSV"),
        required=False,
        choices=[
            ("", _("Find out")),
            (",", _("Comma ,")),
            (";", _("Semicolon ;")),
            ("\t", _("Tab")),
            ("|", _("Bar |")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV or XLSX, at most %(size)s MB and %(rows)s rows. The first row holds the headings."
        ) % {"size": MAX_BYTES // 1024 // 1024, "rows": f"{MAX_ROWS:,}"}


class ColumnsForm(forms.Form):
    """A choice for each heading, and how rows are treated."""

    existing = forms.ChoiceField(
        label=_("When a row's record is there already"), widget=forms.RadioSelect(attrs={"class": "form-check-input"})
    )
    date_order = forms.ChoiceField(
        label=_("Dates that end with the year"),
        choices=DateOrder.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, record: Import, importer: Importer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.record = record
        ways = [way for way in Existing.choices if way[0] != Existing.MAKE or importer.may_make]
        self.fields["existing"].choices = ways  # type: ignore[attr-defined]
        self.fields["existing"].initial, self.fields["date_order"].initial = record.existing, record.date_order
        columns = [
            (column.key, f"{column.label} *" if column.required else str(column.label))
            for column in importer.all_columns()
        ]
        for place, heading in enumerate(record.headings):
            self.fields[f"{COLUMN}{place}"] = forms.ChoiceField(
                label=heading or _("Column without a heading"), required=False,
                choices=[("", _("Leave out")), *columns], initial=record.mapping.get(str(place), ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip

    def places(self) -> list[tuple[Any, str, str]]:
        """Bound field, heading and a sample of each column of the file."""
        return [
            (self[f"{COLUMN}{place}"], heading, self.record.samples[place] if place < len(self.record.samples) else "")
            for place, heading in enumerate(self.record.headings)
        ]

    def mapping(self) -> dict[str, str]:
        """Place → column key."""
        return {
            name.removeprefix(COLUMN): value for name, value in self.cleaned_data.items() if name.startswith(COLUMN)
        }
