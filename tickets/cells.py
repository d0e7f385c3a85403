"""How a ticket looks in a row: status by who must act, deadline in words, priority by icon and word."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.calendars.words import duration_text
from crm.core import clock
from crm.ui import html
from crm.ui.generic import cells as ready
from crm.ui.lists import Viewer

from .choices import ACTIVE, Priority, SlaState, StatusCategory
from .models import Ticket

LEVELS = {Priority.URGENT: "urgent", Priority.HIGH: "high", Priority.NORMAL: "normal", Priority.LOW: "low"}
_PRIORITY_TONE = {Priority.URGENT: " tone-danger", Priority.HIGH: " tone-warning"}
_SLA_CLASS = {
    SlaState.BREACHED: ("breached", " tone-danger is-tint"),
    SlaState.AT_RISK: ("at_risk", " tone-warning is-tint"),
    SlaState.MET: ("met", " tone-success"),
    SlaState.PAUSED: ("paused", ""),
}


def status_tone(ticket: Ticket) -> str:
    """caution when the customer wrote last, info when ours and moving, success when resolved, else neutral."""
    category = ticket.status.category
    if category == StatusCategory.RESOLVED:
        return "success"
    if category not in ACTIVE:
        return "neutral"
    waits = ticket.customer_waits and category == StatusCategory.OPEN
    return "caution" if waits else "info"


def status_badge(ticket: Ticket) -> Any:
    """The status as a badge; the reply icon and a hint say that the customer wrote last."""
    if status_tone(ticket) == "caution":
        return html.badge(ticket.status.name, "caution", "customer_replied", _("The customer wrote last"))
    return html.badge(ticket.status.name, status_tone(ticket))


def asked_status(ticket: Ticket) -> Any:
    """The status in the words for whoever asked; what waits for them stands out."""
    waits = ticket.status.category == StatusCategory.WAITING and ticket.status.is_default
    is_solved = ticket.status.category in (StatusCategory.RESOLVED, StatusCategory.CLOSED)
    return html.badge(ticket.status.shown_to_customer, "caution" if waits else "success" if is_solved else "info")


def priority_mark(ticket: Ticket) -> Any:
    """Icon and word; only high and urgent are coloured."""
    level = Priority(ticket.priority)
    return format_html(
        '<span class="prio{}">{}{}</span>', _PRIORITY_TONE.get(level, ""), html.icon(LEVELS[level]), level.label
    )


def until_text(due_at: dt.datetime) -> str:
    """How long until a deadline, or since it passed, in words."""
    seconds = (due_at - clock.now()).total_seconds()
    words = {"duration": duration_text(int(abs(seconds)))}
    return (_("Overdue by %(duration)s") if seconds < 0 else _("Due in %(duration)s")) % words


def deadline_text(ticket: Ticket) -> str:
    """The most pressing deadline in words."""
    if ticket.sla_state == SlaState.PAUSED:
        return _("Paused")
    if ticket.sla_state == SlaState.MET:
        return _("Met")
    if ticket.next_due_at is None:
        return ""
    seconds = (ticket.next_due_at - clock.now()).total_seconds()
    if seconds >= 0 and ticket.first_response_at is None:
        return _("Reply in %(duration)s") % {"duration": duration_text(int(seconds))}
    return until_text(ticket.next_due_at)


def deadline(ticket: Ticket) -> Any:
    """The clock of a row, with the exact moment in its tooltip."""
    text = deadline_text(ticket)
    if not text:
        return html.EMPTY_HTML
    icon, css = _SLA_CLASS.get(SlaState(ticket.sla_state), ("clock", ""))
    moment = html.exact(ticket.next_due_at) if ticket.next_due_at else ""
    return format_html('<span class="sla{}" title="{}">{}{}</span>', css, moment, html.icon(icon), text)


def number(ticket: Ticket, viewer: Viewer) -> Any:
    """The number; a dot where the customer waits for our answer."""
    if not ticket.customer_waits:
        return ticket.label
    return format_html('{}<span class="dot" aria-hidden="true"></span>', ticket.label)


_link = ready.link("subject", snippet="snippet")


def subject(ticket: Ticket, viewer: Viewer) -> Any:
    """The subject as a link with the newest words; a part says of which ticket."""
    parent = getattr(ticket, "parent_number", None)
    if parent is None:
        return _link(ticket, viewer)
    mark = html.badge(_("Part of %(number)s") % {"number": f"#{parent}"}, "special", "part")
    return format_html("{} {}", mark, _link(ticket, viewer))


def in_list(draw: Any) -> Any:
    """Turns `draw(ticket)` into a list cell."""
    return lambda row, viewer: draw(row)
