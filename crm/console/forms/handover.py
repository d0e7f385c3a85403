"""Who takes over what a leaver holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor

from ..selectors.handover import Holding

LEAVE, QUEUE = "", "queue"


class HandOverForm(forms.Form):
    """One choice for each kind of which there is something, and whether to suspend at the end."""

    def __init__(self, *args: Any, actor: Actor, user: User, holdings: list[Holding], **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(actor).active().exclude(pk=user.pk)
        self.people = {str(person.pk): person for person in people}
        names = [(key, person.name) for key, person in self.people.items()]
        for holding in holdings:
            if not holding.count:
                continue
            queue = [(QUEUE, holding.kind.queue_label)] if holding.kind.queue_label else []
            self.fields[holding.kind.key] = forms.ChoiceField(
                label=_t("%(kind)s: %(count)s") % {"kind": holding.kind.label, "count": holding.count},
                choices=[(LEAVE, _t("Leave with %(name)s") % {"name": user.name}), *queue, *names],
                required=False,
            )
        if user.is_active and actor.user_id != user.pk:
            self.fields["suspend"] = forms.BooleanField(
                label=_t("Then suspend %(name)s") % {"name": user.name},
                required=False,
                help_text=_("They are signed out everywhere and get nothing new."),
            )

    def targets(self) -> dict[str, User | None]:
        """Key of a kind → who takes it, None for the queue; what stays is left out."""
        chosen = {key: value for key, value in self.cleaned_data.items() if key != "suspend" and value != LEAVE}
        return {key: None if value == QUEUE else self.people[value] for key, value in chosen.items()}
