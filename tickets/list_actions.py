"""What can be done with many tickets at once; each row goes through the same verb as one ticket does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.ui.lists import BulkAction, bulk_actions

from . import actions
from .choices import Priority, StatusCategory
from .forms.merging import MergeSelectedForm
from .models import Status, Ticket


class HandOverForm(forms.Form):
    """A team and, if wanted, one of its people."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever of the team is free"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active()  # type: ignore[attr-defined]
        people = User.objects.active().filter(agent_profile__isnull=False)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The person must be of the team, so that not every row fails for it."""
        values = super().clean() or {}
        team, person = values.get("team"), values.get("assignee")
        if team is not None and person is not None and not person.memberships.filter(team=team).exists():
            self.add_error("assignee", _("Choose an active member of the team"))
        return values


class StatusForm(forms.Form):
    """Solving and closing have verbs of their own."""

    status = forms.ModelChoiceField(
        label=_("Status"),
        queryset=Status.objects.filter(is_active=True).exclude(
            category__in=(StatusCategory.RESOLVED, StatusCategory.CLOSED)
        ),
    )


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)


def _hand_over(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> None:
    actions.reassign_ticket(actor=actor, ticket=ticket, team=values["team"], assignee=values["assignee"])


def _status(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> None:
    actions.change_status(actor=actor, ticket=ticket, status=values["status"])


def _priority(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> None:
    actions.change_priority(actor=actor, ticket=ticket, priority=values["priority"])


def _merge(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> None:
    if ticket.pk != values["into"].pk:
        actions.merge_tickets(actor=actor, into=values["into"], duplicates=[ticket], confirmed=values["confirmed"])


def _close(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> None:
    actions.close_ticket(actor=actor, ticket=ticket)


bulk_actions.register(
    BulkAction(
        "hand_over", "ticket", _("Hand over"), _hand_over, "transfer", "tickets.reassign", HandOverForm, order=10
    ),
    BulkAction("status", "ticket", _("Change status"), _status, "set_status", "tickets.update", StatusForm, order=20),
    BulkAction("priority", "ticket", _("Change priority"), _priority, "flag", "tickets.update", PriorityForm, order=30),
    BulkAction("merge", "ticket", _("Merge selected"), _merge, "merge", "tickets.resolve", MergeSelectedForm, order=35),
    BulkAction("close", "ticket", _("Close tickets"), _close, "archive", "tickets.resolve", danger=True, order=40),
)
