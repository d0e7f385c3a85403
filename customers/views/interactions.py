"""Logging a talk."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from crm.core.sockets import kinds
from crm.core.text import row_id
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView

from .. import actions
from ..choices import InteractionKind
from ..forms.details import InteractionForm
from ..models import Customer


class InteractionCreate(ActionView):
    """A call, meeting, visit or message with the customer, and the follow-up. `?kind=` chooses what it was.

    `?beside=ticket:12` names the record it is logged at; one goes back there afterwards.
    """

    permission = "customers.update"
    model = Customer
    lookup = "number"
    action = actions.log_interaction
    form_class = InteractionForm
    template_name = "customers/interaction_form.html"
    title = gettext_lazy("Log a talk with %(name)s")
    button = gettext_lazy("Log it")
    done = gettext_lazy("The talk with %(name)s is logged.")

    def form_kwargs(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        contact = self.object.contacts.filter(is_primary=True).first()
        start = kind if kind in InteractionKind.values else InteractionKind.CALL
        return {"customer": self.object, "initial": {"kind": start, "contact": contact}}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.log_interaction(actor=self.actor, customer=self.object, beside=self.beside, **values)

    def answer(self) -> HttpResponse:
        return redirect(cells.url_of(self.beside)) if self.beside is not None else super().answer()

    @cached_property
    def beside(self) -> Model | None:
        """The record of the customer that the address names, in the actor's set; None for any other text."""
        key, _colon, text = self.request.GET.get("beside", "").partition(":")
        kind, pk = kinds.get(key), row_id(text)
        if kind is None or pk is None:
            return None
        rows = apps.get_model(kind.model)._default_manager.all().visible_to(self.actor)  # type: ignore[attr-defined]
        found: Model | None = rows.filter(pk=pk).first()
        return found if getattr(found, "customer_id", None) == self.object.pk else None
