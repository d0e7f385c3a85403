"""What is asked about customers and pools."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Pool


class PoolCustomerForm(forms.Form):
    pool = forms.ModelChoiceField(label=_("Pool"), queryset=Pool.objects.for_customers(), empty_label=None)
    reason = forms.CharField(label=_("Why it goes back"), max_length=200)
