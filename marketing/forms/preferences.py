"""What people fill in on our public pages about campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Topic


class PreferencesForm(forms.Form):
    """Channels with the very sentence that is agreed to, and topics."""

    channels = forms.MultipleChoiceField(label=_("How"), required=False, widget=forms.CheckboxSelectMultiple)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("About what"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = channels  # type: ignore[attr-defined]
        self.fields["topics"].queryset = Topic.objects.active()  # type: ignore[attr-defined]
