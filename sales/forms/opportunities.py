"""What staff fill in about a deal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core import money
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect
from customers.actions.orders import NewLine
from customers.forms.answers import WithAnswers
from customers.forms.trade import LineForm
from customers.models import Contact, Customer

from ..choices.opportunities import OpportunitySource, StageKind
from ..models import LostReason, Opportunity, OpportunityLine, Pipeline, Stage
from ..selectors.prices import ListPrice, PriceBook

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OpportunityForm(WithAnswers, forms.Form):
    """A new deal. Where the customer is known its people are offered."""

    answers_of = "opportunity"

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), widget=PickerSelect("customer")
    )
    name = forms.CharField(label=_("What the deal is about"), max_length=200)
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=16, decimal_places=2, min_value=0, required=False,
        help_text=_("What the customer would pay, tax included. With products it is their sum."),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[("", _("The usual")), *((code, code) for code in money.SIGNS)], required=False
    )
    expected_close = forms.DateField(
        label=_("Expected close date"), required=False, widget=_DAY, help_text=_("In 30 days, unless you say otherwise")
    )
    pipeline = forms.ModelChoiceField(
        label=_("Pipeline"), queryset=Pipeline.objects.none(), required=False, empty_label=_("The usual")
    )
    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), required=False, widget=PickerSelect("contact"),
        empty_label="--",
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, widget=PickerSelect("user"),
        empty_label=_("The customer's owner"),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Source"), choices=OpportunitySource.choices, initial=OpportunitySource.STAFF)
    note = forms.CharField(label=_("Note"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, customer: Customer | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._choose("customer", Customer.objects.visible_to(actor).external())
        self._choose("owner", User.objects.active())
        self._choose("pipeline", Pipeline.objects.filter(is_active=True))
        people = Contact.objects.filter(customer=customer) if customer else Contact.objects.visible_to(actor)
        self._choose("contact", people.order_by("-is_primary", "sort_key"))
        if Pipeline.objects.filter(is_active=True).count() < 2:
            del self.fields["pipeline"]

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Fields that nobody filled are left to the action."""
        values = super().clean() or {}
        return {name: value for name, value in values.items() if value not in (None, "")}


class OpportunityUpdateForm(WithAnswers, forms.ModelForm):
    answers_of = "opportunity"

    class Meta:
        model = Opportunity
        fields = (
            "name", "contact", "amount", "currency", "probability", "expected_close", "owner", "department", "source",
            "note",
        )  # fmt: skip
        widgets = {
            "expected_close": _DAY, "note": forms.Textarea(attrs={"rows": 3}), "owner": PickerSelect("user"),
        }  # fmt: skip
        help_texts = {"probability": _("Empty: the one of its stage")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(customer_id=self.instance.customer_id).order_by("-is_primary", "sort_key")
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]


class StageChoice(forms.ModelChoiceField):
    def label_from_instance(self, stage: Any) -> str:
        return f"{stage.pipeline}: {stage}" if getattr(self, "several", False) else str(stage)


class MoveForm(forms.Form):
    """Where a deal goes. was: the stage that its mover saw it in."""

    stage = StageChoice(label=_("Stage"), queryset=Stage.objects.none())
    was = forms.ModelChoiceField(queryset=Stage.objects.all(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, deal: Opportunity, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stages = Stage.objects.filter(kind=StageKind.OPEN, is_active=True, pipeline__is_active=True)
        field = self.fields["stage"]
        field.queryset = stages.select_related("pipeline").order_by("pipeline__order", "pipeline_id", "order")  # type: ignore[attr-defined]
        field.several = Pipeline.objects.filter(is_active=True).count() > 1  # type: ignore[attr-defined]
        self.initial |= {"stage": deal.stage_id, "was": deal.stage_id}


class WinForm(forms.Form):
    was = forms.ModelChoiceField(queryset=Stage.objects.all(), required=False, widget=forms.HiddenInput)


class LoseForm(forms.Form):
    """Why a deal was lost."""

    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=LostReason.objects.filter(is_active=True), empty_label=_("Choose a reason")
    )
    note = forms.CharField(
        label=pgettext_lazy("of a lost deal", "What happened"),
        max_length=400,
        required=False,
        help_text=_("“Other” needs a few words."),
    )
    was = forms.ModelChoiceField(queryset=Stage.objects.all(), required=False, widget=forms.HiddenInput)


class CollaboratorsForm(forms.Form):
    users = forms.ModelMultipleChoiceField(
        label=_("Collaborators"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They see this opportunity, whatever their department."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["users"].queryset = User.objects.active().order_by("sort_key")  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label=_("New owner"), queryset=User.objects.none(), widget=PickerSelect("user"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.active()  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class DealLineForm(LineForm):
    """A position of a deal; a ticked one goes. Without a price the price list's counts, else the product's own."""

    remove = forms.BooleanField(label=_("Remove this line"), required=False)

    def __init__(self, *args: Any, book: PriceBook, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.book = book

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("product") and values.get("unit_price") is None and not self.errors and self.listed() is None:
            text = _("There is no price in %(currency)s. Enter one.")
            self.add_error("unit_price", text % {"currency": self.book.currency})
        return values

    def listed(self) -> ListPrice | None:
        """What the price list says of the chosen product."""
        product = self.cleaned_data.get("product")
        return self.book.price(product, self.cleaned_data.get("quantity") or Decimal(1)) if product else None

    def line(self) -> NewLine:
        """The position, at the list price where nobody entered one."""
        line, listed = super().line(), self.listed()
        if self.cleaned_data["unit_price"] is None and listed is not None:
            return replace(line, unit_price=listed.price)
        return line

    @property
    def is_filled(self) -> bool:
        """Whether anything was entered that stays."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "remove"}
        return not self.cleaned_data.get("remove") and any(value not in (None, "") for value in values.values())


LineFormSet = forms.formset_factory(DealLineForm, extra=2, max_num=60, absolute_max=200)


def line_initial(line: OpportunityLine) -> dict[str, Any]:
    """What the form shows of a stored line."""
    return {
        "product": line.product_id, "name": line.name, "quantity": line.quantity.normalize(),
        "unit_price": line.unit_price.normalize(), "discount_percent": line.discount_percent.normalize(),
    }  # fmt: skip
