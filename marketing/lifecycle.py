"""What campaigns know of a customer or contact goes over when two become one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

from .choices.journeys import EnrolmentState
from .models import Enrolment, Participant, Recipient, TopicRefusal


def _same(model: Any, column: str) -> Any:
    """A row of the same campaign or topic that the survivor has too stays behind."""

    def stays(new: int) -> Q:
        return Q(**{f"{column}__in": list(model.objects.filter(contact=new).values_list(column, flat=True))})

    return stays


def _recipient_stays(new: int) -> Q:
    """The same mail, on the same occasion: that of a campaign, since every occasion of a journey is one person's."""
    return Q(
        occasion=0,
        campaign__in=list(Recipient.objects.filter(contact=new, occasion=0).values_list("campaign", flat=True)),
    )


def _enrolment_stays(new: int) -> Q:
    """Whoever is inside a journey that the survivor is inside too: one goes on, the other leaves at the next step."""
    inside = Enrolment.objects.filter(contact=new, state=EnrolmentState.INSIDE)
    return Q(state=EnrolmentState.INSIDE, journey__in=list(inside.values_list("journey", flat=True)))


def _customer_stays(new: int) -> Q:
    """The same of customers without a person, and causes that brought both in."""
    rows = Enrolment.objects.filter(customer=new)
    nobody = rows.filter(state=EnrolmentState.INSIDE, contact=None).values_list("journey", flat=True)
    clash = Q(state=EnrolmentState.INSIDE, contact=None, journey__in=list(nobody))
    for journey, cause in rows.values_list("journey", "cause"):
        clash |= Q(journey=journey, cause=cause)
    return clash


lifecycles.register(
    moving("marketing.enrolments", "customer", _("Journeys"), "marketing.Enrolment.customer", stays=_customer_stays),
    moving("marketing.enrolments_of", "contact", _("Journeys"), "marketing.Enrolment.contact", stays=_enrolment_stays),
    moving("marketing.recipients", "customer", _("Campaigns"), "marketing.Recipient.customer"),
    moving("marketing.responses", "customer", "", "marketing.Response.customer"),
    moving("marketing.participants", "customer", "", "marketing.Participant.customer"),
    moving("marketing.recipients_of", "contact", _("Campaigns"), "marketing.Recipient.contact",
           stays=_recipient_stays),
    moving("marketing.responses_of", "contact", "", "marketing.Response.contact"),
    moving("marketing.participants_of", "contact", "", "marketing.Participant.contact",
           stays=_same(Participant, "campaign")),
    moving("marketing.refusals", "contact", "", "marketing.TopicRefusal.contact",
           stays=_same(TopicRefusal, "topic")),
)  # fmt: skip
