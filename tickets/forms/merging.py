"""Which ticket to merge into."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor

from ..merging import proposed_targets
from ..models import Ticket

_NUMBER = re.compile(r"\s*#?(\d{1,15})\s*")


class NumberField(forms.CharField):
    """A ticket of the actor's set by its number, as people write it."""

    actor: Actor

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        rows = Ticket.objects.visible_to(self.actor)
        found = rows.filter(number=int(match[1])).first() if match else None
        if found is None:
            raise forms.ValidationError(_("No ticket with this number is in your data scope."))
        return found


class MergeForm(forms.Form):
    """A proposed ticket, or another by its number."""

    proposed = forms.ChoiceField(label=_("Open tickets of the same people"), required=False, widget=forms.RadioSelect)
    number = NumberField(label=_("Or ticket number"), required=False, max_length=20)
    confirmed = forms.BooleanField(
        label=_("It may belong to another customer"),
        required=False,
        help_text=_("Only its own requester reads what is written on a ticket; nobody sees another customer's words."),
    )

    def __init__(self, *args: Any, actor: Actor, ticket: Ticket, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.targets = {str(row.pk): row for row in proposed_targets(actor, ticket)}
        self.fields["number"].actor = actor  # type: ignore[attr-defined]
        choices = [(key, f"{row} · {row.contact.name} · {row.status}") for key, row in self.targets.items()]
        self.fields["proposed"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["proposed"]
            self.fields["number"].required = True
            self.fields["number"].label = _("Ticket number")
            self.fields["number"].help_text = _(
                "The same people have no other open ticket. Enter the number of any other."
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        into = values.get("number") or self.targets.get(values.get("proposed") or "")
        if into is None and "number" not in self.errors:
            raise forms.ValidationError(_("Choose a ticket, or enter its number."))
        return {"into": into, "confirmed": values.get("confirmed", False)}


class MergeSelectedForm(forms.Form):
    """Where the selected tickets of a list go."""

    into = NumberField(
        label=_("Ticket number"), max_length=20, help_text=_("The selected tickets are merged into this one.")
    )
    confirmed = forms.BooleanField(label=_("They may belong to another customer"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].actor = actor  # type: ignore[attr-defined]
