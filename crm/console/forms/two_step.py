"""Forms of the second step."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


def _code_input(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autofocus": True, "spellcheck": "false", **attributes})


class CodeForm(forms.Form):
    """The six digits of the app; spaces do no harm."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={"required": _("Type the six digits.")},
        widget=_code_input(**{"class": "form-control code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class SignInCodeForm(CodeForm):
    """The code when signing in, and whether to ask this browser again."""

    trust = forms.BooleanField(label=_("Do not ask on this device for 30 days"), required=False)


class RecoveryCodeForm(forms.Form):
    """One of the ten codes; dashes and capitals do not matter."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=60,
        error_messages={"required": _("Type one of your recovery codes.")},
        widget=_code_input(autocomplete="off", autocapitalize="none"),
    )


class OwnPasswordForm(forms.Form):
    """The current password proves that it is still the same person at the desk."""

    password = forms.CharField(
        label=_("Current password"),
        max_length=256,
        strip=False,
        error_messages={"required": _("Enter your current password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
    )
