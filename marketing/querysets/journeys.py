"""Who sees which journeys, and the people in them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, ScopedQuerySet, SeenWithQuerySet

from ..choices.journeys import MOVING, EnrolmentState


class JourneyQuerySet(ScopedQuerySet):
    """Journeys by owner and department."""

    module = "journeys"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def matching(self, text: str) -> Self:
        """By a piece of the name, pinyin and initials included."""
        return self.filter(search_key__contains=names.fold(text))


class OfJourneyQuerySet(SeenWithQuerySet):
    """Rows that belong to a journey and are seen with it."""

    seen_with = "journey"


class StepQuerySet(OfJourneyQuerySet):
    """Steps of a version, in the order of their places."""

    seen_with = "version__journey"


class EnrolmentQuerySet(OfJourneyQuerySet):
    """People in journeys, seen by who sees both the journey and the customer."""

    def visible_to(self, actor: Actor) -> Self:
        from customers.models import Customer

        rows = super().visible_to(actor)
        if actor.sees_all:
            return rows
        return rows.filter(customer__in=Customer.objects.visible_to(actor).values("pk"))

    def inside(self) -> Self:
        return self.filter(state=EnrolmentState.INSIDE)

    def due(self, now: dt.datetime) -> Self:
        """Those whose next step has come, of journeys that go on."""
        return self.inside().filter(due_at__lte=now, journey__state__in=MOVING)

    def matching(self, text: str) -> Self:
        """By the person's or the customer's name."""
        folded = names.fold(text)
        return self.filter(Q(contact__search_key__contains=folded) | Q(customer__search_key__contains=folded))


class StepRunQuerySet(BaseQuerySet):
    """Steps that people took, seen with them."""

    def visible_to(self, actor: Actor) -> Self:
        from ..models import Enrolment

        if actor.sees_all:
            return self
        return self.filter(enrolment__in=Enrolment.objects.visible_to(actor).values("pk"))
