"""The service desk's first steps: what can be asked, what is promised, who answers, and the proof that it works."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.actor import Actor
from crm.core.first_steps import SetupStep, setup_steps

from .models import AgentProfile, SlaPolicy
from .selectors import public_request_types
from .trial import latest_trial

#: A seeded policy that was saved again later than this was looked at by somebody.
_TOUCHED = dt.timedelta(seconds=5)


def request_types(_viewer: Actor) -> str:
    count = len(public_request_types())
    return ngettext("%(n)s request type", "%(n)s request types", count) % {"n": count} if count else ""


def agents(_viewer: Actor) -> str:
    count = AgentProfile.objects.filter(user__is_active=True, takes_tickets=True).count()
    return ngettext("%(n)s person takes tickets", "%(n)s people take tickets", count) % {"n": count} if count else ""


def promises(_viewer: Actor) -> str:
    """Done when somebody set a policy: the seeded one alone is nobody's promise yet."""
    count = SlaPolicy.objects.filter(is_active=True).count()
    seeded_only = count == 1 and not SlaPolicy.objects.filter(updated_at__gt=F("created_at") + _TOUCHED).exists()
    return "" if seeded_only or not count else ngettext("%(n)s policy", "%(n)s policies", count) % {"n": count}


def trial(_viewer: Actor) -> str:
    ticket = latest_trial()
    return str(_("Ticket %(number)s") % {"number": ticket.number}) if ticket is not None else ""


setup_steps.register(
    SetupStep(
        "tickets.types", _("Request types"), _("What customers can ask for, and which team answers."),
        _("Create a request type"), "form", "desk:request_type_create", "tickets.manage", request_types, order=30,
        needed=True,
    ),
    SetupStep(
        "tickets.agents", _("Who takes tickets"), _("How many at one time, with which skills; new tickets find them."),
        _("Choose agents"), "headset", "desk:agent_profile_create", "tickets.manage", agents, order=32,
    ),
    SetupStep(
        "tickets.sla", _("Promised times"), _("How soon you answer and solve; everybody sees what is due."),
        _("Set the promise"), "sla", "desk:sla_policy_list", "tickets.manage", promises, order=64,
    ),
    SetupStep(
        "tickets.trial", _("Send yourself a test ticket"),
        _("You see what a customer sees, and what happens behind it, in a minute."),
        _("Send it"), "play", "desk:trial", "tickets.manage", trial, order=90,
    ),
)  # fmt: skip
