"""What staff fill in about leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect
from customers.forms.answers import WithAnswers
from customers.models import Contact, Customer

from ..choices.leads import DiscardReason, LeadSource, LeadStatus, TalkKind, TalkOutcome
from ..models import Lead, Pool
from ..selectors.leads import sees_addresses

LANGUAGES = [("", _("Not known")), *settings.LANGUAGES]
ADDRESSES = ("email", "phone", "wechat")
_FIELDS = (
    "name", "company", "job_title", "email", "phone", "wechat", "source", "campaign", "message", "region", "industry",
    "budget", "currency", "language",
)  # fmt: skip


class LeadForm(WithAnswers, forms.ModelForm):
    """A lead. Addresses that the actor may read only masked are not asked for."""

    answers_of = "lead"

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)

    class Meta:
        model = Lead
        fields = _FIELDS
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}
        labels = {"name": _("Person's name")}

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stored = self.instance.pk is not None
        if stored and not sees_addresses(actor or Actor.guest(), self.instance):
            for name in ADDRESSES:
                del self.fields[name]


class NewLeadForm(LeadForm):
    """A new lead, with who gets it. origin: the kind and id of the record it is made from."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("By the assignment rules")
    )
    origin = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        active = User.objects.active()
        may_assign = actor is not None and actor.can("leads.assign")
        own = Q(pk=actor.user_id) if actor is not None else Q(pk__in=[])
        self.fields["owner"].queryset = active if may_assign else active.filter(own)  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("source", LeadSource.STAFF)


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(s.value, s.label) for s in (LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.QUALIFIED)],
    )


class LeadTalkForm(forms.Form):
    """A follow-up, and what comes next."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TalkKind.choices)
    outcome = forms.ChoiceField(label=_("How it went"), choices=[("", "—"), *TalkOutcome.choices], required=False)
    text = forms.CharField(label=_("What was said"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    follow_up_at = forms.DateTimeField(
        label=_("Follow up on"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    follow_up = forms.CharField(label=_("What to do then"), max_length=200, required=False)


class DiscardForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=DiscardReason.choices)
    note = forms.CharField(label=_("More about it"), max_length=300, required=False)


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.active())
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Why it goes back"), max_length=200)
    pool = forms.ModelChoiceField(
        label=_("Pool"), queryset=Pool.objects.for_leads(), required=False, empty_label=_("Where it came from")
    )


class ConvertForm(forms.Form):
    """Which customer and contact a lead becomes, and the deal. An empty choice makes a new one."""

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), required=False, widget=PickerSelect("customer"),
        empty_label=_("A new customer"),
    )  # fmt: skip
    customer_name = forms.CharField(label=_("Name of the new customer"), max_length=200, required=False)
    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), required=False, empty_label=_("A new contact")
    )
    has_deal = forms.BooleanField(label=_("Create an opportunity"), required=False)
    deal_name = forms.CharField(label=_("Name of the opportunity"), max_length=200, required=False)
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=14, decimal_places=2, min_value=0, required=False, localize=False
    )
    expected_close = forms.DateField(
        label=_("Expected close date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actor: Actor, lead: Lead, contacts: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Customer.objects.visible_to(actor).external()
        self.fields["customer"].queryset = rows.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        people = Contact.objects.visible_to(actor).filter(pk__in=contacts).select_related("customer")
        choice: Any = self.fields["contact"]
        choice.queryset = people.order_by("sort_key")
        choice.empty_label = _("A new contact: %(name)s") % {"name": lead.name}
        choice.label_from_instance = lambda person: f"{person.name} · {person.customer.name}"
        if not actor.can("opportunities.create"):
            for name in ("has_deal", "deal_name", "amount", "expected_close"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("has_deal") and not values.get("deal_name"):
            self.add_error("deal_name", _("Enter the name of the opportunity"))
        return values

    @property
    def opportunity(self) -> dict[str, Any] | None:
        """Values of `create_opportunity`, or None for no deal."""
        values = self.cleaned_data
        if not values.get("has_deal"):
            return None
        found = {"name": values["deal_name"], "amount": values["amount"], "expected_close": values["expected_close"]}
        return {name: value for name, value in found.items() if value not in (None, "")}
