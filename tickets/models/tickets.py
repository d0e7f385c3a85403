"""The ticket."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock, names
from crm.core.containing import Characters
from crm.core.models import BINNED, LIVE, BaseModel, DeletableModel, live_manager
from crm.core.numbering import next_number
from crm.core.tokens import new_token

from ..choices import Cause, Level, Priority, SlaState
from ..querysets import OfTicketQuerySet, RequestQuerySet, TicketQuerySet

NUMBER_SEQUENCE = "ticket_number_seq"


class Ticket(DeletableModel, BaseModel):
    """A request of a customer, held by a team and an assignee until it is answered for good.

    cycle counts from 1 and grows with each reopening; clocks, ratings and durations belong to a cycle.
    next_due_at and sla_state mirror the most pressing clock, so that lists sort without a join.
    access_token is mailed and proves the address; guest_token was shown to whoever filled the form and
    opens only what they typed, until the address is proved (verified_at).
    custom: answers to the own questions of its type, custom field key → plain JSON value. parent: the ticket
    this one is a part of; a part has its own team, assignee and clocks, and no word of it reaches the customer.
    parent_assignee_id mirrors who holds that ticket, so that access needs no join. promised_at: the moment a part
    was asked for by hand, before what its type or policy promises.
    merged_into: the ticket that took over this duplicate's conversation.
    """

    number = models.BigIntegerField(_("ticket number"), unique=True, editable=False)
    brand = models.ForeignKey("core.Brand", on_delete=models.PROTECT, related_name="tickets")
    subject = models.CharField(_("subject"), max_length=200)
    search_key = models.CharField(max_length=400, editable=False)
    request_type = models.ForeignKey(
        "tickets.RequestType", verbose_name=_("type"), on_delete=models.PROTECT, related_name="tickets"
    )
    status = models.ForeignKey(
        "tickets.Status", verbose_name=_("status"), on_delete=models.PROTECT, related_name="tickets"
    )
    impact = models.SmallIntegerField(_("impact"), choices=Level.choices, default=Level.LOW)
    urgency = models.SmallIntegerField(_("urgency"), choices=Level.choices, default=Level.MEDIUM)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    team = models.ForeignKey("accounts.Team", verbose_name=_("team"), on_delete=models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey(
        "accounts.User",
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_tickets",
    )
    created_by_id = models.BigIntegerField(null=True, editable=False)
    customer = models.ForeignKey(
        "customers.Customer", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="tickets"
    )
    contact = models.ForeignKey(
        "customers.Contact", verbose_name=_("requester"), on_delete=models.PROTECT, related_name="tickets"
    )
    conversation = models.OneToOneField("messaging.Conversation", on_delete=models.PROTECT, related_name="ticket")
    channel = models.CharField(_("channel"), max_length=10, default="web")
    language = models.CharField(_("language"), max_length=10)
    timezone = models.CharField(_("time zone"), max_length=60)
    reply_email = models.EmailField(_("answers go to"), blank=True)
    reply_phone = models.CharField(_("phone"), max_length=20, blank=True)
    verified_at = models.DateTimeField(_("requester verified"), null=True, blank=True)
    access_token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    guest_token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)

    cycle = models.SmallIntegerField(default=1, editable=False)
    next_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    sla_state = models.CharField(max_length=8, choices=SlaState.choices, default=SlaState.NONE, editable=False)
    answer_expected_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    reopened_count = models.SmallIntegerField(default=0, editable=False)
    last_message_at = models.DateTimeField(default=clock.now, editable=False)
    last_customer_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    customer_waits = models.BooleanField(default=True, editable=False)
    snippet = models.CharField(max_length=140, blank=True, editable=False)
    custom = models.JSONField(default=dict, editable=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    parent_assignee_id = models.BigIntegerField(null=True, editable=False)
    promised_at = models.DateTimeField(_("asked for by"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("merged into"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices, blank=True)
    solution = models.TextField(_("solution"), blank=True)

    objects = live_manager(TicketQuerySet)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], condition=LIVE, name="ticket_newest"),
            models.Index(fields=["-number"], condition=LIVE, name="ticket_by_number"),
            models.Index(fields=["team", "-last_message_at"], condition=LIVE, name="ticket_by_team"),
            models.Index(fields=["assignee", "-last_message_at"], condition=LIVE, name="ticket_by_assignee"),
            models.Index(fields=["customer", "-last_message_at"], condition=LIVE, name="ticket_by_customer"),
            models.Index(fields=["contact", "-id"], condition=LIVE, name="ticket_by_contact"),
            models.Index(fields=["status", "team", "assignee"], condition=LIVE, name="ticket_by_status"),
            models.Index(fields=["next_due_at", "id"], condition=LIVE, name="ticket_by_deadline"),
            models.Index(fields=["priority", "id"], condition=LIVE, name="ticket_by_priority"),
            models.Index(fields=["created_by_id", "-id"], condition=LIVE, name="ticket_by_creator"),
            models.Index(fields=["created_at"], condition=LIVE, name="ticket_by_creation"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="ticket_by_change"),
            models.Index(fields=["first_response_at", "id"], condition=LIVE, name="ticket_by_answer"),
            models.Index(fields=["resolved_at", "id"], condition=LIVE, name="ticket_by_solution"),
            models.Index(
                models.F("next_due_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=LIVE,
                name="ticket_by_last_deadline",
            ),
            models.Index(
                models.F("resolved_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=LIVE,
                name="ticket_by_last_resolution",
            ),
            models.Index(
                fields=["parent_assignee_id", "-last_message_at"],
                condition=LIVE & models.Q(parent_assignee_id__isnull=False),
                name="ticket_part_by_holder",
            ),
            models.Index(fields=["-deleted_at"], condition=BINNED, name="ticket_binned"),
            GinIndex(fields=["search_key"], name="ticket_search_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["custom"], name="ticket_answers"),
            GinIndex(Characters("search_key"), name="ticket_search_chars"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.number is None:
            self.number = next_number(NUMBER_SEQUENCE)
        answers = " ".join(names.fold(value) for value in self.custom.values() if isinstance(value, str))
        self.search_key = f"{names.search_key(self.subject)} {answers}".strip()[:400]
        if kwargs.get("update_fields") is not None and {"subject", "custom"} & set(kwargs["update_fields"]):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The number as people write it."""
        return f"#{self.number}"


class Request(Ticket):
    """A ticket as the colleague sees it who asked for it, whatever their roles."""

    objects = live_manager(RequestQuerySet)

    class Meta:
        proxy = True
        verbose_name = _("request")
        verbose_name_plural = _("requests")


class TicketPresence(models.Model):
    """Who has a ticket open just now, and when they last typed; rows older than a minute mean nothing."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presence")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    wrote_at = models.DateTimeField(null=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="one_presence_per_ticket")]
