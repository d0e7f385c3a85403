"""Marks of a ticket for templates."""

from __future__ import annotations

import json
from typing import Any

from django import template

from .. import cells
from ..models import Ticket

register = template.Library()


@register.simple_tag
def status_badge(ticket: Ticket) -> Any:
    """The status, toned by who must act."""
    return cells.status_badge(ticket)


@register.simple_tag
def priority_mark(ticket: Ticket) -> Any:
    """Icon and word."""
    return cells.priority_mark(ticket)


@register.simple_tag
def deadline(ticket: Ticket) -> Any:
    """The most pressing clock in words."""
    return cells.deadline(ticket)


@register.simple_tag
def upload_fields(form_key: str) -> str:
    """Further fields of an upload, as JSON for the drop zone."""
    return json.dumps({"form_key": form_key})


@register.filter
def recipients(contact: dict[str, str]) -> list[str]:
    """Where an answer goes: the mail address, else the phone number."""
    return [value for value in (contact.get("email") or contact.get("phone"),) if value]
