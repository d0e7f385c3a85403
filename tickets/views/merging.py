"""Joining a ticket with another, and parting them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from .. import actions
from ..forms.merging import MergeForm
from .verbs import TicketVerb


class TicketMerge(TicketVerb):
    """Merges the ticket of the address into one that is proposed or named by its number."""

    permission = "tickets.resolve"
    action = actions.merge_tickets
    form_class = MergeForm
    title = gettext_lazy("Merge %(name)s into another ticket")
    text = gettext_lazy(
        "Its messages, followers, open tasks and parts show on the other ticket. It is closed without a rating and"
        " counts in no figure. You can undo this."
    )
    button = gettext_lazy("Merge")
    done = gettext_lazy("%(name)s is merged.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "ticket": self.object}

    def perform(self, values: dict[str, Any]) -> Any:
        self.into = values["into"]
        return actions.merge_tickets(
            actor=self.actor, into=self.into, duplicates=[self.object], confirmed=values["confirmed"]
        )

    def answer(self) -> HttpResponse:
        return redirect(reverse("tickets:ticket_detail", args=[self.into.number]))


class TicketUnmerge(TicketVerb):
    permission = "tickets.resolve"
    action = actions.undo_merge
    title = gettext_lazy("Undo the merge of %(name)s?")
    text = gettext_lazy(
        "It is as it was before, with its messages. What was written on the other ticket since stays there."
    )
    button = gettext_lazy("Undo merge")
    done = gettext_lazy("%(name)s stands on its own again.")
