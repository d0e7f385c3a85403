"""What staff fill in about the people of a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError

from ..choices import CHATS, ConsentChannel, ContactRole, IdentityKind
from ..recognising.identities import normal_email, normal_phone
from .answers import WithAnswers
from .customers import LANGUAGES, zones

_SAID = [("", _("Nobody asked")), ("yes", _("Agrees")), ("no", _("Declines"))]


class LinesField(forms.CharField):
    """Several addresses, one a line; each is checked by `check`."""

    def __init__(self, *, check: Any, **kwargs: Any):
        self.check = check
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        try:
            return [self.check(line) for line in lines[:10]]
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None


class ContactFactsForm(WithAnswers, forms.Form):
    """A person without addresses, for those who may not see them in full: addresses stay as they are."""

    answers_of = "contact"

    name = forms.CharField(label=_("Full name"), max_length=200)
    job_title = forms.CharField(label=_("Job title"), max_length=80, required=False)
    role = forms.ChoiceField(
        label=_("Part in decisions"), choices=[("", _("Not known")), *ContactRole.choices], required=False
    )
    preferred_channel = forms.ChoiceField(
        label=_("Preferred way to be reached"), choices=[("", _("Not known")), *IdentityKind.choices], required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)


class ContactForm(ContactFactsForm):
    """A person at a customer, with mail addresses, phones and an id of each chat."""

    emails = LinesField(
        label=_("Email addresses"), check=normal_email, help_text=_("One a line; the first is the main one")
    )
    phones = LinesField(
        label=_("Phone numbers"), check=normal_phone, help_text=_("One a line; the first is the main one")
    )
    field_order = ("name", "job_title", "role", "emails", "phones", *CHATS, "preferred_channel", "language", "timezone")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in CHATS:
            self.fields[kind] = forms.CharField(label=kind.label, max_length=100, required=False)
        self.order_fields(self.field_order)


class ConsentForm(forms.Form):
    """What a person said about each way of being advertised to; an empty choice changes nothing."""

    how = forms.CharField(
        label=_("How they said so"), max_length=500, required=False,
        help_text=_("Such as: by phone on Monday, or the form they signed. It is kept with the consent."),
    )  # fmt: skip

    def __init__(self, *args: Any, present: dict[str, bool | None], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for channel in ConsentChannel:
            said = present[channel]
            self.fields[channel] = forms.ChoiceField(
                label=channel.label, choices=_SAID, required=False,
                initial="" if said is None else "yes" if said else "no",
            )  # fmt: skip
        self.order_fields([*ConsentChannel.values, "how"])

    @property
    def granted(self) -> dict[str, bool]:
        """Channel → what they said, where they said something."""
        answers = {channel: self.cleaned_data[channel] for channel in ConsentChannel.values}
        return {channel: answer == "yes" for channel, answer in answers.items() if answer}
