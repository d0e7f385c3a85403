"""Which records become one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect

from ..models import Contact, Customer


class OtherCustomersForm(forms.Form):
    """One customer; its field is called "with", so that the page's address says what stands beside what."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.ModelChoiceField(
            label=_("Merge with"),
            queryset=Customer.objects.visible_to(actor).external().order_by("sort_key", "pk"),
            widget=PickerSelect("customer"),
            help_text=_("The next page shows both side by side; nothing is changed yet."),
        )


class OtherContactsForm(forms.Form):
    def __init__(self, *args: Any, contact: Contact, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.ModelMultipleChoiceField(
            label=_("The same person"),
            queryset=people.exclude(pk=contact.pk).order_by("sort_key", "pk"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("The next page shows them side by side; nothing is changed yet."),
        )
