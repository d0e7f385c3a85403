"""Who sees which campaigns, and what belongs to them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value

from crm.core import names
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet, ScopedQuerySet, SeenWithQuerySet

from ..choices.campaigns import REACHED, TOUCHES, CampaignState, RecipientState


class CampaignQuerySet(ScopedQuerySet):
    """Campaigns by owner and department."""

    module = "campaigns"
    owner_columns = ("owner_id",)
    department_column = "department_id"

    def matching(self, text: str) -> Self:
        """By a piece of the name, pinyin and initials included, or by its code."""
        folded = names.fold(text)
        digits = folded.removeprefix("c-")
        own = Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 18 else Q(pk__in=[])
        return self.filter(Q(search_key__contains=folded) | own)

    def due(self, now: dt.datetime) -> Self:
        """Those whose time has come, and those that are being sent."""
        scheduled = Q(state=CampaignState.SCHEDULED, send_at__lte=now)
        return self.filter(scheduled | Q(state=CampaignState.SENDING))


class OfCampaignQuerySet(SeenWithQuerySet):
    """Rows that belong to a campaign and are seen with it."""

    seen_with = "campaign"


class ParticipantQuerySet(OfCampaignQuerySet):
    """One row a person and campaign, seen by who sees both the campaign and the customer."""

    def visible_to(self, actor: Actor) -> Self:
        from customers.models import Customer

        rows = super().visible_to(actor)
        if actor.sees_all:
            return rows
        return rows.filter(customer__in=Customer.objects.visible_to(actor).values("pk"))


class RecipientQuerySet(ParticipantQuerySet):
    """Who was chosen for a campaign, and what became of their message."""

    def chosen(self) -> Self:
        """Those who were to get it when it started."""
        return self.exclude(state=RecipientState.LEFT_OUT)

    def reached(self) -> Self:
        """Those for whom a message left us."""
        return self.filter(state__in=REACHED)

    def delivered(self) -> Self:
        """Those whose message no server sent back."""
        return self.filter(state=RecipientState.SENT)

    def matching(self, text: str) -> Self:
        """By the person's or the customer's name, or their whole address."""
        folded = names.fold(text)
        named = Q(contact__search_key__contains=folded) | Q(customer__search_key__contains=folded)
        return self.filter(named | Q(address=text.strip().lower()))


#: How long after a touch a sale is credited, as the touch's campaign says.
_UNTIL = ExpressionWrapper(
    F("at") + ExpressionWrapper(F("campaign__window_days") * Value(dt.timedelta(days=1)), output_field=DurationField()),
    output_field=DateTimeField(),
)


class ResponseQuerySet(OfCampaignQuerySet):
    """What people did, and what machines did for them."""

    def human(self) -> Self:
        return self.filter(is_machine=False)

    def touches(self) -> Self:
        """What a sale may be credited to."""
        return self.human().filter(kind__in=TOUCHES)

    def crediting(self, moment: str, *, first: bool = False) -> Subquery:
        """The campaign that a sale is credited to: of the customer's last touch (or first) before `moment`.

        moment: the sale's column. A touch counts within the days that its campaign says. The sale has a `customer_id`.
        """
        rows = self.touches().filter(customer=OuterRef("customer_id"), at__lte=OuterRef(moment))
        rows = rows.annotate(until=_UNTIL).filter(until__gte=OuterRef(moment))
        order = ("at", "pk") if first else ("-at", "-pk")
        return Subquery(rows.order_by(*order).values("campaign")[:1])


class TopicQuerySet(CatalogueQuerySet):
    """What campaigns are about; whoever got one may choose among the active ones."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class SuppressionQuerySet(BaseQuerySet):
    """Addresses that get no campaign."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("campaigns.suppress") else self.none()

    def matching(self, text: str, *, pieces: bool = False) -> Self:
        """The whole address; a piece of it for who may see addresses: nobody guesses a masked one letter by letter."""
        address = text.strip().lower()
        return self.filter(address__contains=address) if pieces else self.filter(address=address)


class OfContactQuerySet(SeenWithQuerySet):
    """Rows that belong to a person and are seen with them."""

    seen_with = "contact"
