"""Logging a talk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from crm.ui.views.generic import ActionView

from .. import actions
from ..choices import InteractionKind
from ..forms.details import InteractionForm
from ..models import Customer


class InteractionCreate(ActionView):
    """A call, meeting, visit or message with the customer, and the follow-up. `?kind=` chooses what it was."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    action = actions.log_interaction
    form_class = InteractionForm
    title = gettext_lazy("Log a talk with %(name)s")
    button = gettext_lazy("Log it")
    done = gettext_lazy("The talk with %(name)s is logged.")

    def form_kwargs(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        contact = self.object.contacts.filter(is_primary=True).first()
        start = kind if kind in InteractionKind.values else InteractionKind.CALL
        return {"customer": self.object, "initial": {"kind": start, "contact": contact}}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.log_interaction(actor=self.actor, customer=self.object, **values)
