"""What can be done with many customers at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.ui.lists import BulkAction, bulk_actions

from .actions import update_customer
from .choices import Stage
from .models import Customer


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.active(), required=False, empty_label=_("Nobody")
    )


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Lifecycle stage"), choices=Stage.choices)


def _update(actor: Actor, customer: Customer, values: dict[str, Any]) -> None:
    update_customer(actor=actor, customer=customer, values=values)


bulk_actions.register(
    BulkAction("owner", "customer", _("Change owner"), _update, "assign", "customers.update", OwnerForm, order=10),
    BulkAction("stage", "customer", _("Change stage"), _update, "flag", "customers.update", StageForm, order=20),
)
