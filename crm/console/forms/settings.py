"""Forms of the brand, mail texts and the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.money import SIGNS
from crm.core.sockets import activity_types, kinds
from crm.core.text import clean_line
from crm.core.translated import TranslatedFormField
from crm.messaging.declarations import MailTemplateDeclaration
from crm.messaging.rendering import check_placeholders
from crm.ui.forms import zone_choices

from ..selectors.audit import GROUPS

CURRENCIES = tuple(SIGNS)


class BrandForm(forms.ModelForm):
    """How the company shows itself to customers."""

    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For customers whose language is not known.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages for customers"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What visitors are offered on the public pages."),
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    class Meta:
        model = Brand
        fields = (
            "name",
            "sender_name",
            "sender_email",
            "phone",
            "host",
            "language",
            "languages",
            "timezone",
            "currency",
        )
        help_texts = {
            "sender_email": _(
                "Customers see this address and answer to it. The mail server must be allowed to send from it."
            ),
            "host": _("The public host name, such as help.example.com."),
        }

    def clean_sender_email(self) -> str:
        return str(self.cleaned_data["sender_email"]).strip()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("languages") and values.get("language") not in values["languages"]:
            self.add_error("language", _t("Choose a language that customers are offered too."))
        return values

    def clean_phone(self) -> str:
        return clean_line(self.cleaned_data["phone"], 40)


class MailTextForm(forms.Form):
    """The wording of one mail, in both languages, and of the text message where the mail has one."""

    subject = TranslatedFormField(label=_("Subject"), max_length=200)
    body = TranslatedFormField(label=_("Text"), multiline=True, max_length=20_000)
    sms = TranslatedFormField(
        label=_("Text message"),
        multiline=True,
        max_length=1000,
        required=False,
        help_text=_("For customers without an email address. Each part is paid; empty sends none."),
    )

    def __init__(self, *args: Any, declared: MailTemplateDeclaration, **kwargs: Any):
        self.declared = declared
        super().__init__(*args, **kwargs)
        if not declared.sms:
            del self.fields["sms"]

    def clean(self) -> dict[str, Any]:
        for name in ("subject", "body", "sms"):
            for text in (self.cleaned_data.get(name) or {}).values():
                try:
                    check_placeholders(self.declared, text)
                except ValidationError as error:
                    self.add_error(name, error)
                    break
        return self.cleaned_data


class AuditFilter(forms.Form):
    """What to look for; every field is in the address."""

    q = forms.CharField(
        label=_("Who"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    actor = forms.ModelChoiceField(label=_("User"), queryset=User.objects.none(), required=False)
    type = forms.ChoiceField(label=_("Event"), required=False)
    kind = forms.ChoiceField(label=_("Record"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = User.objects.visible_to(viewer)  # type: ignore[attr-defined]
        readable = [entry for entry in activity_types if not entry.permission or viewer.can(entry.permission)]
        types = sorted(((entry.key, str(entry.label)) for entry in readable), key=lambda pair: pair[1])
        groups = [(key, label) for key, (label, _holds) in GROUPS.items()]
        self.fields["type"].choices = [("", _t("All events")), *groups, *types]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _t("All records")), *((str(k.key), str(k.label)) for k in kinds)]  # type: ignore[attr-defined]


class SightingFilter(AuditFilter):
    """As the audit log's, without an event: seeing is one."""

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any):
        super().__init__(*args, viewer=viewer, **kwargs)
        del self.fields["type"]
