"""Querysets of messages and mail."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db.models import Q

from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet, CatalogueQuerySet

from .choices import Direction, InboundState, MailState


class MessageQuerySet(BaseQuerySet):
    """No rights of its own: whoever may open the record that holds the conversation reads it."""

    def public(self) -> Self:
        """What the customer may read."""
        return self.exclude(direction=Direction.INTERNAL)


class DraftQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A draft is its writer's alone."""
        return self.filter(user_id=actor.user_id) if actor.is_staff else super().visible_to(actor)


class OutgoingQuerySet(BaseQuerySet):
    """Whatever is on its way out: mail and text messages."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("messaging.manage_mail") else self.none()

    def due(self, now: dt.datetime) -> Self:
        """Rows whose time has come, and rows whose sender stopped before it could say how it went."""
        waiting = Q(state=MailState.WAITING, next_attempt_at__lte=now)
        return self.filter(waiting | Q(state=MailState.SENDING, lease_until__lt=now))


class OutgoingMailQuerySet(OutgoingQuerySet):
    """Mail on its way out."""


class MailTemplateQuerySet(CatalogueQuerySet):
    """Wording that staff may read and administrators edit."""


class MailboxQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("messaging.manage_mailboxes") else self.none()


class InboundMailQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("messaging.handle_mail") else self.none()

    def due(self, now: dt.datetime) -> Self:
        """Mail that nobody has handled yet, and mail whose handler stopped half-way."""
        return self.filter(state=InboundState.RECEIVED, due_at__lte=now)

    def waiting(self) -> Self:
        """What waits for a person."""
        return self.filter(state__in=[InboundState.HELD, InboundState.QUARANTINED])


class SmsOptOutQuerySet(BaseQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.can("messaging.manage_mail") else self.none()
