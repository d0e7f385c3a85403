"""What can be done with many customers at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.ui.lists import BulkAction, bulk_actions

from .actions import update_customer
from .actions.segments import add_to_segment, remove_from_segment
from .choices import SegmentKind, Stage
from .models import Customer, Segment


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.active(), required=False, empty_label=_("Nobody")
    )


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Lifecycle stage"), choices=Stage.choices)


class StaticSegmentForm(forms.Form):
    segment = forms.ModelChoiceField(
        label=_("Segment"), queryset=Segment.objects.none(), help_text=_("One whose customers are picked by hand")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Segment.objects.visible_to(actor).filter(kind=SegmentKind.STATIC).order_by("sort_key", "pk")
        self.fields["segment"].queryset = rows  # type: ignore[attr-defined]


def _add(actor: Actor, customer: Customer, values: dict[str, Any]) -> None:
    add_to_segment(actor=actor, segment=values["segment"], customers=[customer])


def _remove(actor: Actor, customer: Customer, values: dict[str, Any]) -> None:
    remove_from_segment(actor=actor, segment=values["segment"], customers=[customer])


def _update(actor: Actor, customer: Customer, values: dict[str, Any]) -> None:
    update_customer(actor=actor, customer=customer, values=values)


bulk_actions.register(
    BulkAction("owner", "customer", _("Change owner"), _update, "assign", "customers.update", OwnerForm, order=10),
    BulkAction("stage", "customer", _("Change stage"), _update, "flag", "customers.update", StageForm, order=20),
    BulkAction(
        "add_to_segment",
        "customer",
        _("Add to a segment"),
        _add,
        "segment",
        "segments.manage",
        StaticSegmentForm,
        order=30,
    ),
    BulkAction(
        "remove_from_segment",
        "customer",
        _("Remove from a segment"),
        _remove,
        "close",
        "segments.manage",
        StaticSegmentForm,
        order=31,
    ),
)
