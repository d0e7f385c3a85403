"""What campaigns know of a customer or contact goes over when two become one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.lifecycles import lifecycles, moving

from .models import Participant, Recipient, TopicRefusal


def _same(model: Any, column: str) -> Any:
    """A row of the same campaign or topic that the survivor has too stays behind."""

    def stays(new: int) -> Q:
        return Q(**{f"{column}__in": list(model.objects.filter(contact=new).values_list(column, flat=True))})

    return stays


lifecycles.register(
    moving("marketing.recipients", "customer", _("Campaigns"), "marketing.Recipient.customer"),
    moving("marketing.responses", "customer", "", "marketing.Response.customer"),
    moving("marketing.participants", "customer", "", "marketing.Participant.customer"),
    moving("marketing.recipients_of", "contact", _("Campaigns"), "marketing.Recipient.contact",
           stays=_same(Recipient, "campaign")),
    moving("marketing.responses_of", "contact", "", "marketing.Response.contact"),
    moving("marketing.participants_of", "contact", "", "marketing.Participant.contact",
           stays=_same(Participant, "campaign")),
    moving("marketing.refusals", "contact", "", "marketing.TopicRefusal.contact",
           stays=_same(TopicRefusal, "topic")),
)  # fmt: skip
