"""The tables that a demo ticket leaves rows in."""

from __future__ import annotations

from crm.calendars.models import Clock, ClockEvent
from crm.core.actor import ActorKind
from crm.core.demo import Copy, Ids
from crm.core.models import Brand
from crm.messaging.models import Conversation, Message
from customers.models import Consent

from ..models import AssignmentDecision, Rating, StatusSpan, Ticket, TicketFacts

TICKET_COLUMNS = (
    "id", "number", "subject", "search_key", "request_type_id", "status_id", "impact", "urgency", "priority", "team_id",
    "assignee_id", "created_by_id", "customer_id", "contact_id", "conversation_id", "channel", "language", "timezone",
    "reply_email", "reply_phone", "verified_at", "access_token", "guest_token", "cycle", "next_due_at", "sla_state",
    "answer_expected_at", "accepted_at", "first_response_at", "resolved_at", "closed_at", "reopened_count",
    "last_message_at", "last_customer_message_at", "customer_waits", "snippet", "cause", "solution", "custom",
    "created_at", "updated_at",
)  # fmt: skip
CLOCK_COLUMNS = (
    "id", "kind", "object_id", "cycle", "policy_id", "policy_version", "policy_label", "calendar_id", "target_seconds",
    "warn_percent", "state", "started_at", "paused_spans", "due_at", "warn_at", "next_check_at", "warned_at",
    "breached_at", "met_at", "business_seconds", "calendar_seconds", "attempts", "created_at", "updated_at",
)  # fmt: skip


class Tables:
    """One `Copy` for each table, and ids for the rows that others point at."""

    def __init__(self) -> None:
        brand = Brand.default()
        self.brand_timezone = brand.timezone
        self.tickets = Copy(Ticket, TICKET_COLUMNS, {"brand_id": brand.pk})
        self.conversations = Copy(
            Conversation, ("id", "subject", "channel", "language", "created_at", "updated_at"), {"brand_id": brand.pk}
        )
        self.messages = Copy(
            Message,
            ("id", "conversation_id", "direction", "author_kind", "author_id", "author_label", "author_email", "body",
             "language", "state", "delivered_at", "created_at", "updated_at"),
        )  # fmt: skip
        self.spans = Copy(
            StatusSpan,
            ("ticket_id", "status_id", "team_id", "assignee_id", "cycle", "entered_at", "left_at", "business_seconds",
             "calendar_seconds"),
        )  # fmt: skip
        self.facts = Copy(
            TicketFacts,
            ("ticket_id", "first_response_business_seconds", "first_response_calendar_seconds", "first_response_met",
             "handling_business_seconds", "handling_calendar_seconds", "resolution_met", "replies",
             "customer_messages", "assignments"),
        )  # fmt: skip
        self.clocks = Copy(Clock, CLOCK_COLUMNS)
        self.clock_events = Copy(ClockEvent, ("clock_id", "cycle", "level", "at"))
        self.decisions = Copy(AssignmentDecision, ("ticket_id", "at", "team_id", "user_id", "reasons"))
        self.ratings = Copy(
            Rating,
            ("ticket_id", "cycle", "token", "score", "comment", "agent_id", "team_id", "rated_at", "created_at",
             "updated_at"),
        )  # fmt: skip
        self.consents = Copy(
            Consent,
            ("contact_id", "text", "text_version", "language", "created_at", "updated_at"),
            {"channel": "service", "granted": True},
        )
        self.message_ids, self.clock_ids = Ids(Message), Ids(Clock)

    def flush(self) -> None:
        """Sends what waits, rows before those that point at them."""
        for copy in (
            self.conversations, self.tickets, self.messages, self.spans, self.facts, self.clocks, self.clock_events,
            self.decisions, self.ratings, self.consents,
        ):  # fmt: skip
            copy.flush()


#: What a customer's message says of its author.
CONTACT = int(ActorKind.CONTACT)
