"""Forms of the help centre; what protects them is `crm.ui.public_forms`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.fields.choices import FieldType
from crm.fields.forms import PREFIX, CustomFieldsMixin
from crm.ui.preferences import known_zone
from crm.ui.public_forms import CleanField
from customers.recognising.identities import normal_email, normal_phone

from ..actions.intake import MAX_DESCRIPTION
from ..models import RequestType, RequestTypeQuestion
from ..questions import with_labels

#: Up to this many request types are cards with their description, more are a list.
CARDS_UP_TO = 10


@dataclass(frozen=True, slots=True)
class Fixed:
    """An answer that came with the address and stands as a fact. name, raw: of its hidden input."""

    key: str
    label: str
    text: str
    name: str
    raw: str


class SubmitForm(CustomFieldsMixin, forms.Form):
    """A request. The files and the key travel beside it; `attachments` is where their errors stand.

    types: what may be asked for. questions: what the chosen type asks. locked: keys of questions whose answers stand
    fixed. known: somebody we recognise, who is not asked for name and address again.
    """

    request_type = forms.ChoiceField(
        label=_("What is it about?"), error_messages={"required": _("Choose what it is about"),
                                                      "invalid_choice": _("Choose what it is about")},
    )  # fmt: skip
    subject = CleanField(
        label=_("Subject"), limit=200, error_messages={"required": _("Enter what it is about in a few words")}
    )
    description = CleanField(
        label=_("What happened?"),
        limit=MAX_DESCRIPTION,
        clean=clean_text,
        help_text=_("Say what you expected, and since when. Do not include passwords."),
        widget=forms.Textarea(attrs={"rows": 6, "data-grow": True}),
        error_messages={"required": _("Describe what happened")},
    )
    attachments = forms.Field(label=_("Files"), required=False, widget=forms.HiddenInput)
    name = CleanField(
        label=_("Full name"),
        limit=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    email = CleanField(
        label=_("Email address"),
        limit=254,
        required=False,
        help_text=_("We send the answer and a link to follow your ticket here. Email or phone, one is enough."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    phone = CleanField(
        label=_("Phone number"),
        limit=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    timezone = forms.Field(required=False, widget=forms.HiddenInput(attrs={"data-zone": True}))
    consent = forms.BooleanField(
        error_messages={"required": _("Agree to the use of your data, so that we can handle your request")}
    )

    def __init__(
        self,
        *args: Any,
        types: list[RequestType],
        consent_text: str,
        locked: Iterable[str] = (),
        known: object = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.locked = frozenset(locked)
        self.order_fields(["request_type", *(PREFIX + row.field.key for row in self.questions)])
        for name in ("name", "email", "phone") if known is not None else ():
            del self.fields[name]
        self.types = {kind.key: kind for kind in types}
        chosen = self.fields["request_type"]
        as_cards = len(types) <= CARDS_UP_TO
        chosen.widget = forms.RadioSelect() if as_cards else forms.Select()
        choices = [(kind.key, str(kind.name)) for kind in types]
        chosen.choices = choices if as_cards else [("", _("Choose one")), *choices]
        self.fields["consent"].label = consent_text

    @property
    def cards(self) -> list[tuple[Any, RequestType]] | None:
        """The radio buttons with their types, or None where a list is shown."""
        field = self["request_type"]
        if not isinstance(field.field.widget, forms.RadioSelect):
            return None
        return [(radio, self.types[radio.data["value"]]) for radio in field.subwidgets]

    @property
    def chosen_type(self) -> RequestType | None:
        """What is chosen now, valid or not."""
        return self.types.get(str(self["request_type"].value()))

    @property
    def facts(self) -> list[Fixed]:
        """The fixed answers, in order; one that is wrong is asked like any other."""
        fixed = [row for row in self.questions if row.field.key in self.locked]
        return [fact for row in fixed if (fact := self._fact(row)) is not None]

    @property
    def open_questions(self) -> list[tuple[RequestTypeQuestion, Any]]:
        """What is left to answer, with the inputs."""
        return with_labels(self, {fact.key for fact in self.facts})

    def _fact(self, row: RequestTypeQuestion) -> Fixed | None:
        name = PREFIX + row.field.key
        raw = self[name].value()
        if row.field.type in {FieldType.PHOTO, FieldType.MANY_CHOICE} or raw in (None, "") or self.errors.get(name):
            return None
        shown = dict(getattr(self.fields[name], "choices", ())).get(str(raw), raw)
        return Fixed(row.field.key, str(self.fields[name].label), str(shown), name, str(raw))

    def clean_request_type(self) -> RequestType:
        return self.types[self.cleaned_data["request_type"]]

    def clean_email(self) -> str:
        return _normal(normal_email, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return _normal(normal_phone, self.cleaned_data["phone"])

    def clean_timezone(self) -> str:
        raw = self.cleaned_data["timezone"] or ""
        return known_zone(raw) if len(raw) <= 60 else ""  # the ticket's column is no longer

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "email" not in self.fields:
            return values
        if not {"email", "phone"} & set(self.errors) and not (values.get("email") or values.get("phone")):
            self.add_error("email", _("Enter an email address or a phone number, so that we can answer"))
        return values

    def take_errors(self, error: Invalid) -> None:
        """Puts what an action refused beside its field, and at the top what belongs to none."""
        if not error.fields:
            self.add_error("attachments", str(error))
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, str(message))


def _normal(form: Callable[[str], str], raw: str) -> str:
    try:
        return form(raw) if raw else ""
    except Invalid as error:
        raise ValidationError(str(error)) from None


class ReplyForm(forms.Form):
    """The customer's further words."""

    body = CleanField(
        label=_("Your message"),
        limit=50_000,
        clean=clean_text,
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": True}),
        error_messages={"required": _("Write the message first.")},
    )
    attachments = forms.Field(label=_("Files"), required=False, widget=forms.HiddenInput)


class RatingForm(forms.Form):
    """One to five stars, and words that nobody has to add."""

    SCORES = (
        (5, _("Very good")),
        (4, _("Good")),
        (3, _("Fair")),
        (2, _("Poor")),
        (1, _("Very poor")),
    )

    score = forms.TypedChoiceField(
        label=_("How did we do?"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one to five stars"), "invalid_choice": _("Choose one to five stars")},
    )
    comment = CleanField(
        label=_("What could we do better?"),
        limit=4000,
        clean=clean_text,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": True}),
    )


class LostLinkForm(forms.Form):
    """The number of a ticket, and the address that was given with it: email or phone."""

    number = CleanField(
        label=_("Ticket number"),
        limit=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("It stands in the first message you got, such as 10042."),
        error_messages={"required": _("Enter the ticket number")},
    )
    address = CleanField(
        label=_("Email address or phone number"),
        limit=254,
        help_text=_("The one you gave with the ticket. The link goes there and nowhere else."),
        error_messages={"required": _("Enter the email address or phone number you gave with the ticket")},
    )

    def clean_number(self) -> int:
        digits = self.cleaned_data["number"].lstrip("#＃ ").strip()
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
            raise ValidationError(_("Enter the number only, such as 10042"))
        return int(digits)

    def clean(self) -> dict[str, Any]:
        """number, email and phone, the one that was not typed as ""."""
        values = super().clean() or {}
        address = values.pop("address", "")
        is_mail = "@" in address
        try:
            values["email"] = normal_email(address) if is_mail else ""
            values["phone"] = normal_phone(address) if address and not is_mail else ""
        except Invalid as error:
            self.add_error("address", str(error))
        return values
