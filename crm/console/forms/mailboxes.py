"""Forms of mailboxes and of mail that waits for a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.messaging.inbound.registry import inbound_handlers
from crm.messaging.models import Conversation, Mailbox


class MailboxForm(forms.ModelForm):
    """An address that customers write to, how its mail is fetched, and what new mail becomes."""

    handler = forms.ChoiceField(label=_("New mail becomes"))
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Stored encrypted and never shown. Leave it empty to keep the present one."),
    )

    class Meta:
        model = Mailbox
        fields = (
            "name", "address", "brand", "has_reply_addresses", "handler", "host", "port", "security",
            "verify_certificate", "username", "folder", "deletes", "is_active",
        )  # fmt: skip
        help_texts = {
            "address": _("Customers write to it, and answers come back to it."),
            "has_reply_addresses": _(
                "Answers go to support+code@ and find their ticket even when the mail program drops everything else."
                " The mail server must deliver such addresses to this mailbox."
            ),
            "host": _("Leave it empty when your mail server hands mail over with manage.py receivemail."),
            "verify_certificate": _("Off only for a server of your own with a certificate of your own."),
            "deletes": _("Otherwise fetched mail stays there, marked as read."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [(entry.key, entry.label) for entry in inbound_handlers]  # type: ignore[attr-defined]
        self.asked = {name: field for entry in inbound_handlers for name, field in entry.settings_fields().items()}
        self.fields.update(self.asked)
        for name in self.asked:
            self.initial.setdefault(name, self.instance.handler_settings.get(name, ""))
        ordered = ["name", "address", "brand", "has_reply_addresses", "handler", *self.asked, "host", "port"]
        self.order_fields([*ordered, "security", "verify_certificate", "username", "password"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("host") and not values.get("username"):
            self.add_error("username", _t("Enter the user name that the server knows."))
        return values


class AddToForm(forms.Form):
    """Which record a mail belongs to."""

    reference = forms.CharField(label=_("Number of the record"), max_length=40, help_text=_("Such as 1024."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        self.actor = actor
        super().__init__(*args, **kwargs)

    def clean_reference(self) -> str:
        text = str(self.cleaned_data["reference"])
        found = (handler.find(self.actor, text) for handler in inbound_handlers)
        self.conversation: Conversation | None = next((entry for entry in found if entry is not None), None)
        if self.conversation is None:
            raise ValidationError(_t("You see no record of this number. Check it."))
        return text
