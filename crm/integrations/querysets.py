"""Who sees which tokens, webhooks and deliveries."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Exists, OuterRef, Q

from crm.core import clock
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet

from .choices import DeliveryState

MANAGE = "integrations.manage"


class TokenQuerySet(BaseQuerySet):
    """A person sees their own tokens; who manages integrations sees all."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        if not actor.is_staff:
            return self.none()
        return self if actor.can(MANAGE) else self.filter(user_id=actor.user_id)

    def live(self, at: dt.datetime | None = None) -> Self:
        """Those that open the door at the moment."""
        now = at or clock.now()
        running = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(running, revoked_at__isnull=True, user__is_active=True)


class ManagedQuerySet(BaseQuerySet):
    """Rows for those who manage integrations."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_all:
            return self
        return self if actor.is_staff and actor.can(MANAGE) else self.none()


class WebhookQuerySet(ManagedQuerySet):
    """Addresses that are told of activity."""

    def listening_to(self, type_key: str) -> Self:
        """Those switched on that want this type of activity."""
        return self.filter(is_active=True, types__contains=[type_key])


class DeliveryQuerySet(ManagedQuerySet):
    """What was, or is to be, sent to webhooks."""

    def open(self) -> Self:
        """Those that are still to arrive."""
        return self.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING])

    def in_turn(self) -> Self:
        """Those with no earlier open delivery about the same record to the same address."""
        earlier = self.model._base_manager.filter(
            webhook=OuterRef("webhook"),
            order_key=OuterRef("order_key"),
            activity_id__lt=OuterRef("activity_id"),
            state__in=[DeliveryState.WAITING, DeliveryState.SENDING],
        )
        return self.filter(~Exists(earlier))

    def due(self, at: dt.datetime) -> Self:
        """Those whose time has come, a lost sender's too."""
        lost = Q(state=DeliveryState.SENDING, leased_until__lt=at)
        return self.filter(Q(state=DeliveryState.WAITING, next_at__lte=at) | lost, webhook__is_active=True).filter(
            Q(webhook__quiet_until__isnull=True) | Q(webhook__quiet_until__lte=at)
        )
