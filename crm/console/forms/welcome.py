"""The first page of a new product."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.text import clean_line
from crm.ui.forms import zone_choices

from .. import first_run
from .settings import CURRENCIES


class WelcomeForm(forms.Form):
    """The company, its first administrator, and the code that the console shows."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=40,
        help_text=_("It stands in the window where the product was started; manage.py setupcode shows it again."),
        error_messages={"required": _("Enter the set-up code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "form-control"}),
    )
    company = forms.CharField(
        label=_("Company name"),
        max_length=80,
        help_text=_("Customers see it on the form and in every mail."),
        error_messages={"required": _("Enter the name of your company.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization", "class": "form-control"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages for customers"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose at least one language.")},
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    language = forms.ChoiceField(
        label=_("Main language"),
        choices=settings.LANGUAGES,
        help_text=_("For customers whose language is not known, and for you."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "form-control"}),
    )
    email = forms.EmailField(
        label=_("Your email"),
        max_length=254,
        help_text=_("You sign in with it."),
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "class": "form-control"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        help_text=_("At least 8 characters. A few words are better than one hard word."),
        error_messages={"required": _("Enter a password.")},
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "class": "form-control", "data-strength": "password-strength"},
            render_value=False,
        ),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not first_run.is_setup_code(code):
            raise ValidationError(_t("This is not the set-up code. Copy it from the window of bin/run."))
        return code

    def clean_company(self) -> str:
        return self._line("company", 80)

    def clean_name(self) -> str:
        return self._line("name", 200)

    def _line(self, name: str, limit: int) -> str:
        text = clean_line(self.cleaned_data[name], limit)
        if not text:
            raise ValidationError(self.fields[name].error_messages["required"])
        return text

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("language") and values.get("languages") and values["language"] not in values["languages"]:
            self.add_error("language", _t("Choose a main language that customers are offered too."))
        if values.get("password"):
            person = User(name=values.get("name", ""), email=values.get("email", ""))
            try:
                password_validation.validate_password(values["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return values
