"""What marketing shows on the pages of other apps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.sockets import Panel, panels
from customers.links import sources_of
from customers.models import Customer
from customers.panels import BESIDE, customer_of

from .lists.journeys import enrolment_tone
from .models import Campaign
from .selectors.journeys import journeys_of
from .selectors.landing import submissions_of
from .selectors.results import campaigns_of, outcomes_of
from .views.shown import deed_of


def lead_forms(actor: Actor, subject: Any) -> dict[str, Any]:
    """The forms by which a lead came, with its first and last touch. One query."""
    first = {name: text for name, text in subject.utm.items() if name.startswith("utm_")}
    return {"submissions": submissions_of(actor, subject.pk), "first": first, "last": subject.utm.get("last", {})}


def campaigns(actor: Actor, subject: Any) -> dict[str, Any]:
    """What the customer's people got, and what they did with it; the campaign that a ticket answers first."""
    origins = [] if isinstance(subject, Customer) else sources_of(actor, subject)
    return {
        "rows": [(row, deed_of(row)) for row in campaigns_of(actor, customer_of(subject))],
        "answered": [row for row in origins if isinstance(row, Campaign)],
    }


def journeys(actor: Actor, customer: Any) -> dict[str, Any]:
    """The journeys that the customer's people are or were in, those under way first."""
    return {"rows": [(row, enrolment_tone(row)) for row in journeys_of(actor, customer)]}


def answers(actor: Actor, campaign: Any) -> dict[str, Any]:
    """The leads and tickets that answers became, newest first, with how they stand."""
    return {"rows": outcomes_of(actor, campaign)}


panels.register(
    *(
        Panel(f"marketing.campaigns_{on}", on, _("Campaigns"), "marketing/panels/_campaigns.html", campaigns,
              "campaigns.view", order=70, queries=4)
        for on in BESIDE
    ),
    Panel("marketing.journeys", "customer", _("Journeys"), "marketing/panels/_journeys.html", journeys,
          "journeys.view", order=72, queries=2),
    Panel("marketing.answers", "campaign", _("Answer to a campaign"), "marketing/panels/_answers.html", answers,
          "campaigns.view", order=10, queries=6),
    Panel("marketing.lead_forms", "lead", _("Landing pages"), "marketing/panels/_lead_forms.html", lead_forms,
          "leads.view", order=60, queries=2),
)  # fmt: skip
