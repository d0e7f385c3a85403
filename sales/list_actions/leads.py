"""What can be done with many leads at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction

from ..actions import assign_lead, claim_lead, discard_lead, release_lead
from ..forms.leads import AssignForm, DiscardForm, ReleaseForm
from ..models import Lead


def _claim(actor: Actor, lead: Lead, values: dict[str, Any]) -> None:
    claim_lead(actor=actor, lead=lead)


def _assign(actor: Actor, lead: Lead, values: dict[str, Any]) -> None:
    assign_lead(actor=actor, lead=lead, **values)


def _release(actor: Actor, lead: Lead, values: dict[str, Any]) -> None:
    release_lead(actor=actor, lead=lead, **values)


def _discard(actor: Actor, lead: Lead, values: dict[str, Any]) -> None:
    discard_lead(actor=actor, lead=lead, **values)


LEAD_BULK = [
    BulkAction("claim", "lead", _("Claim"), _claim, "assign", "leads.claim", order=10),
    BulkAction("assign", "lead", _("Assign"), _assign, "assign", "leads.assign", AssignForm, order=20),
    BulkAction("release", "lead", _("Return to the pool"), _release, "undo", "leads.claim", ReleaseForm, order=30),
    BulkAction("discard", "lead", _("Discard"), _discard, "close", "leads.update", DiscardForm, danger=True, order=40),
]
