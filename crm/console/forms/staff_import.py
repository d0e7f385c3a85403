"""The file of a staff list, and the consent to what it would do."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class StaffFileForm(forms.Form):
    """CSV or XLSX; the bytes say which."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 2,000 people. The first row holds the headings."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )


class StaffImportForm(forms.Form):
    """What was read, signed, so that what was shown is what is done."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=4_000_000)
    send_mail = forms.BooleanField(label=_("Invite whoever is new by mail"), required=False, initial=True)
