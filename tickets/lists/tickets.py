"""The ticket list: columns, views, and what can be done with many at once."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.generic import cells as ready
from crm.ui.lists import BuiltinView, Column, Empty, ListPage

from .. import cells
from ..choices import SlaState
from ..filters.tickets import TicketFilters
from ..models import Ticket


def prepare(rows: Any, actor: Actor) -> Any:
    """Everything a row shows, joined."""
    rows = rows.select_related("status", "customer", "assignee", "team", "request_type").defer("solution")
    whole = Ticket.all_objects.filter(pk=OuterRef("parent")).values("number")
    return rows.annotate(parent_number=Subquery(whole))  # a join more doubles the planner's time


def row_class(ticket: Ticket) -> str:
    """Unread rows are bold: the customer wrote last."""
    return "is-unread" if ticket.customer_waits else ""


TICKET_LIST = ListPage(
    key="ticket",
    model=Ticket,
    label=_("Tickets"),
    section=_("Service"),
    permission="tickets.view",
    url_name="tickets:ticket_list",
    columns=[
        Column(
            "number",
            _("Number"),
            cell=cells.number,
            sort="number",
            locked=True,
            width="cw-88",
            export=lambda row, viewer: row.number,
        ),
        Column(
            "subject",
            _("Subject"),
            cell=cells.subject,
            css="subj cut",
            locked=True,
            on_card=True,
        ),
        Column("customer", _("Customer"), cell="customer.name", css="cut", width="cw-160", on_card=True),
        Column(
            "status",
            _("Status"),
            cell=cells.in_list(cells.status_badge),
            width="cw-140",
            on_card=True,
            export=lambda row, viewer: str(row.status.name),
        ),
        Column(
            "priority",
            _("Priority"),
            cell=cells.in_list(cells.priority_mark),
            sort="priority",
            width="cw-80",
            export=lambda row, viewer: row.get_priority_display(),
        ),
        Column(
            "assignee",
            _("Assignee"),
            cell=ready.person("assignee"),
            width="cw-128",
            export=lambda row, viewer: row.assignee.name if row.assignee else "",
        ),
        Column(
            "due",
            _("Time left"),
            cell=cells.in_list(cells.deadline),
            sort="next_due_at",
            width="cw-160",
            on_card=True,
            export=lambda row, viewer: row.next_due_at,
        ),
        Column(
            "updated",
            _("Updated"),
            cell=ready.moment("last_message_at"),
            sort="last_message_at",
            align="num",
            width="cw-80",
            export=lambda row, viewer: row.last_message_at,
        ),
        Column("team", _("Team"), cell="team.name", default=False),
        Column("type", _("Type"), cell="request_type.name", default=False),
        Column("channel", _("Channel"), default=False),
        Column(
            "created",
            _("Created"),
            cell=ready.moment("created_at"),
            sort="created_at",
            align="num",
            default=False,
            export=lambda row, viewer: row.created_at,
        ),
        Column(
            "resolved",
            _("Resolved"),
            cell=ready.moment("resolved_at"),
            sort="resolved_at",
            align="num",
            default=False,
            export=lambda row, viewer: row.resolved_at,
        ),
    ],
    filterset=TicketFilters,
    quick_filters=("status", "priority", "assignee"),
    search=lambda rows, text, actor: rows.matching(text),
    search_hint=_("Search or number"),
    default_sort="-updated",
    prepare=prepare,
    row_class=row_class,
    row_label=lambda row: str(row),
    date_jump="updated",
    views=[
        BuiltinView("open", _("Open in my teams"), {"unresolved": "true", "team": "mine"}),
        BuiltinView("mine", _("My open"), {"unresolved": "true", "assignee": "me"}),
        BuiltinView("unassigned", _("Unassigned"), {"unresolved": "true", "assignee": "none"}),
        BuiltinView(
            "at_risk",
            _("At risk"),
            {"unresolved": "true", "sla": [SlaState.AT_RISK, SlaState.BREACHED]},
            sort="due",
        ),
        BuiltinView("waiting", _("Waiting on customer"), {"status": "waiting_customer"}),
        BuiltinView("all", _("All tickets")),
    ],
    empty=Empty(
        _("No tickets yet"),
        _("Requests that customers send from the help centre arrive here and find their agent by themselves."),
    ),
    create_url_name="tickets:ticket_create",
    create_permission="tickets.create",
    create_label=_("New ticket"),
    export_permission="tickets.export",
    walks=True,
)
