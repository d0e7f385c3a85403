"""What staff fill in about a ticket."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.fields.forms import Asked, CustomFieldsMixin
from crm.ui.generic.widgets import PickerSelect
from customers.models import Contact

from .answers import fields_to_correct
from .choices import Cause, Level, Priority
from .models import RequestType, Status, Ticket


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


class PersonField(forms.ModelChoiceField):
    """A customer's person, shown with the customer."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.customer.name}"


class NewTicketForm(forms.Form):
    """A ticket that staff open for a customer's person. form_key makes sending it twice harmless."""

    form_key = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(16)
    )
    contact = PersonField(
        label=_("Requester"), queryset=Contact.objects.none(), widget=PickerSelect("contact"), empty_label=""
    )
    request_type = forms.ModelChoiceField(label=_("Type"), queryset=RequestType.objects.filter(is_active=True))
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("phone", _("Phone")), ("email", _("Email")), ("staff", _("Entered by staff"))]
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    description = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(actor).select_related("customer")  # type: ignore[attr-defined]


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
