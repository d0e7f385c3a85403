"""What contacts fill in in the portal, and what an administrator decides about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.messaging.sms.senders import sender
from crm.ui.public_forms import CleanField

from ..actions.portal import MAX_SESSION_DAYS
from ..actions.portal_profile import ASKED
from ..choices import ConsentChannel, IdentityKind, PortalReach
from ..models import PortalSettings
from ..recognising.identities import normal_email, normal_phone
from .customers import zones

#: The very text beside each switch; changing one means a new `TEXT_VERSION`.
CONSENT_TEXTS = {
    ConsentChannel.EMAIL: _("You may send me news and offers by email."),
    ConsentChannel.SMS: _("You may send me news and offers as text messages."),
    ConsentChannel.PHONE: _("You may call me about news and offers."),
    ConsentChannel.CHAT: _("You may send me news and offers in a chat."),
}


class AskCodeForm(forms.Form):
    """An email address or a phone number."""

    address = CleanField(
        label=_("Email address or phone number"),
        limit=254,
        help_text=_("The one we know you by. We send a code there; you need no password."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter your email address or phone number")},
    )

    def clean(self) -> dict[str, Any]:
        """kind and value in normal form."""
        values = super().clean() or {}
        address = values.get("address", "")
        is_mail = "@" in address
        try:
            values["kind"] = IdentityKind.EMAIL if is_mail else IdentityKind.PHONE
            values["value"] = (normal_email if is_mail else normal_phone)(address) if address else ""
        except Invalid as error:
            self.add_error("address", str(error))
        return values


class NewAddressForm(AskCodeForm):
    """An address that a contact wants to add, or to put in the place of another one of that kind."""

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind
        field = self.fields["address"]
        labels = {
            "": field.label,
            IdentityKind.EMAIL: _("New email address"),
            IdentityKind.PHONE: _("New phone number"),
        }
        field.label, field.help_text = labels[kind], _("We send a code there. It counts once you have typed the code.")
        field.widget.attrs["autocomplete"] = {"": "on", IdentityKind.EMAIL: "email", IdentityKind.PHONE: "tel"}[kind]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        kind, value = values.get("kind"), values.get("value")
        if self.kind and value and kind != self.kind:
            is_mail = self.kind == IdentityKind.EMAIL
            self.add_error("address", _("Enter an email address") if is_mail else _("Enter a phone number"))
        elif value and kind == IdentityKind.PHONE and not sender().reaches(value):
            self.add_error("address", _("We cannot send text messages to this number. Write to us to have it added."))
        return values


class CodeForm(forms.Form):
    """The six digits; spaces do not matter."""

    code = CleanField(
        label=_("Code"),
        limit=20,
        help_text=_("Six digits"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "pub-code", "autofocus": True}
        ),
        error_messages={"required": _("Enter the code from our message")},
    )

    def clean_code(self) -> str:
        digits = "".join(self.cleaned_data["code"].split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
            raise ValidationError(_("Enter the six digits from our message"))
        return digits


class ProfileForm(forms.Form):
    """How a contact is called, spoken to and reached."""

    name = CleanField(
        label=_("Full name"), limit=200, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=lambda: zones()[1:])
    preferred_channel = forms.ChoiceField(
        label=_("How you like to be reached"), choices=[("", _("No preference")), *IdentityKind.choices], required=False
    )


class OwnConsentForm(forms.Form):
    """By which ways a contact may be advertised to."""

    def __init__(self, *args: Any, present: dict[str, bool | None], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for channel in ASKED:
            self.fields[channel.value] = forms.BooleanField(
                label=CONSENT_TEXTS[channel], required=False, initial=bool(present[channel])
            )

    @property
    def texts(self) -> dict[str, str]:
        """Channel → the text that was shown, in the reader's language."""
        return {channel.value: str(CONSENT_TEXTS[channel]) for channel in ASKED}


class PortalAccessForm(forms.Form):
    reach = forms.ChoiceField(
        label=_("Sees in the portal"), choices=PortalReach.choices, widget=forms.RadioSelect,
        help_text=_(
            "Tickets, quotes and orders. “All of the company” is for somebody who looks after the others there."
        ),
    )  # fmt: skip


class PortalSettingsForm(forms.ModelForm):
    session_days = forms.IntegerField(
        label=_("Days until they sign in again"), min_value=1, max_value=MAX_SESSION_DAYS,
        help_text=_("Counted from signing in, on each device by itself."),
    )  # fmt: skip

    class Meta:
        model = PortalSettings
        fields = ("is_on", "session_days")
        labels = {"is_on": _("Customers can sign in")}
        help_texts = {"is_on": _("Off: nobody can sign in or stay signed in. Links in our mails still work.")}
