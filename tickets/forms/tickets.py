"""What staff fill in about a ticket."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.fields.answers import Question
from crm.fields.forms import PREFIX, Asked, CustomFieldsMixin
from customers.exceptions import BadEmail, BadPhone
from customers.models import Contact
from customers.recognising.identities import normal_email, normal_phone

from ..answers import fields_to_correct
from ..choices import Cause, Level, Priority
from ..models import RequestType, Status, Ticket
from ..questions import with_labels


class TicketForm(CustomFieldsMixin, forms.Form):
    """Subject, type, impact and urgency; then the answers to own questions."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    request_type = forms.ModelChoiceField(label=_("Type"), queryset=RequestType.objects.filter(is_active=True))
    impact = forms.TypedChoiceField(
        label=_("Impact"),
        choices=Level.choices,
        coerce=int,
        help_text=_("How many people or how much money it touches"),
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=Level.choices,
        coerce=int,
        help_text=_("How soon it hurts; impact and urgency make the priority"),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any):
        questions = [Asked(entry) for entry in fields_to_correct(ticket)]
        super().__init__(*args, questions=questions, present=ticket.custom, **kwargs)
        offered = Q(is_active=True) | Q(pk=ticket.request_type_id)
        self.fields["request_type"].queryset = RequestType.objects.filter(offered)  # type: ignore[attr-defined]


class NewTicketForm(CustomFieldsMixin, forms.Form):
    """A ticket that staff open for somebody who called or wrote: a contact, or name and address of a new person.

    form_key makes sending it twice harmless. q is what was last looked for. questions: what the chosen type asks.
    """

    form_key = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(16)
    )
    q = forms.CharField(label=_("Who is asking?"), required=False, max_length=100)
    contact = forms.ModelChoiceField(queryset=Contact.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Full name"), required=False, max_length=200)
    phone = forms.CharField(
        label=_("Phone number"), required=False, max_length=60, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.CharField(
        label=_("Email address"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    request_type = forms.ModelChoiceField(label=_("Type"), queryset=RequestType.objects.none())
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("phone", _("Phone")), ("email", pgettext_lazy("channel", "Email")), ("staff", _("Entered by staff"))],
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-grow": True}),
        help_text=_("Empty: the subject says it all."),
    )

    #: The fields of the person finder, which the page draws itself.
    FINDER = ("form_key", "q", "contact", "name", "phone", "email")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(actor).select_related("customer__brand")  # type: ignore[attr-defined]
        self.fields["request_type"].queryset = RequestType.objects.usable().select_related("team")  # type: ignore[attr-defined]
        self.fields["request_type"].widget.attrs.update(
            {
                "hx-get": reverse("tickets:caller_questions"),
                "hx-trigger": "change",
                "hx-target": "#questions",
                "hx-swap": "outerHTML",
                "hx-include": "#questions",
            }
        )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields about the matter, in order."""
        return [field for field in self if field.name not in self.FINDER and not field.name.startswith(PREFIX)]

    @property
    def open_questions(self) -> list[tuple[Question, forms.BoundField]]:
        """What the type asks, with the inputs; the label says what is optional."""
        return with_labels(self)

    def clean_phone(self) -> str:
        return _normal(normal_phone, self.cleaned_data["phone"])

    def clean_email(self) -> str:
        return _normal(normal_email, self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """A contact, or else a name with an address."""
        values = super().clean() or {}
        typed = [name for name in ("name", "phone", "email") if values.get(name)]
        if values.get("contact") is None and not {"contact", "phone", "email"} & set(self.errors):
            if not typed:
                self.add_error("q", _("Find the person who asks, or enter a name and a number"))
            elif "name" not in typed:
                self.add_error("name", _("Enter the caller's name"))
            elif typed == ["name"]:
                self.add_error("phone", _("Enter a phone number or an email address, so that we can answer"))
        values["description"] = values.get("description") or values.get("subject", "")
        return values


def _normal(normal: Callable[[str], str], raw: str) -> str:
    try:
        return normal(raw) if raw else ""
    except (BadEmail, BadPhone) as error:
        raise forms.ValidationError(str(error)) from error


class ResolveForm(forms.Form):
    """Cause and solution."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose the cause")), *Cause.choices])
    solution = forms.CharField(
        label=_("Solution"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The customer reads this in the mail that tells them it is solved."),
    )


class ReassignForm(forms.Form):
    """Team and, if wanted, one of its people."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever of the team is free"),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active()  # type: ignore[attr-defined]
        people = User.objects.active().filter(agent_profile__isnull=False).distinct()
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
        self.initial.setdefault("team", ticket.team_id)


class StatusForm(forms.Form):
    """One of the statuses that may follow."""

    status = forms.ModelChoiceField(queryset=Status.objects.filter(is_active=True))


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)
