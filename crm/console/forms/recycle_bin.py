"""Filters of the recycle bin, and the word that deletes for good."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.sockets import kinds

from ..selectors.recycle_bin import kinds_for


class RecycleBinFilter(forms.Form):
    """What to look for; every field is in the address."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("Record"), required=False)
    deleted_by = forms.ModelChoiceField(label=_("Deleted by"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        declared = [kinds[entry.key] for entry in kinds_for(viewer)]
        choices = [(kind.key, str(kind.label_plural)) for kind in declared]
        self.fields["kind"].choices = [("", _t("All records")), *choices]  # type: ignore[attr-defined]
        self.fields["deleted_by"].queryset = User.objects.visible_to(viewer)  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """Typed by hand, so that nobody deletes for good by one click too many. word: what must be typed."""

    typed = forms.CharField(max_length=250, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, word: str, **kwargs: Any):
        self.word = word
        super().__init__(*args, **kwargs)
        self.fields["typed"].label = _t("Type %(word)s to delete for good") % {"word": word}

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.word.casefold():
            raise forms.ValidationError(_t("Type %(word)s exactly as it stands here.") % {"word": self.word})
        return typed
