"""What everything on its way out has in common: its state, its attempts, its lease."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.models import BaseModel

from ..choices import MailState
from ..querysets import OutgoingQuerySet


class Outgoing(BaseModel):
    """A row accepted for sending, before anything is sent.

    lease_until: a sender that is silent past it has died. woken_at: when a worker was last asked for it.
    first_tried_at: since when it counts as late. dedupe_key: one row for one reason.
    A subclass has `related`, the message it carries, whose state follows its own.
    """

    #: The activity that tells of a failure.
    failed_type: ClassVar[str]
    related_id: int | None
    related: Any

    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10)
    dedupe_key = models.CharField(max_length=200, blank=True)
    is_bulk = models.BooleanField(default=False, db_default=False)

    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.SmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=clock.now)
    first_tried_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def queue(self) -> str:
        """A reply somebody waits for goes before automatic words, and those before what goes to many."""
        if self.is_bulk:
            return "bulk"
        return "urgent" if self.related_id else "default"

    @property
    def shown_to(self) -> str:
        """The address as the timeline shows it."""
        raise NotImplementedError

    @property
    def about(self) -> Any:
        """The conversation it belongs to, None for none."""
        return self.related.conversation if self.related is not None else None

    def taken(self, reference: str) -> list[str]:
        """Keeps what the other side calls it; the names of the columns that changed."""
        return []
