"""Marks of a ticket for templates."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.html import format_html

from .. import articles, cells
from ..choices import Shown
from ..models import Ticket
from ..questions import PHOTOS

register = template.Library()


@register.simple_tag
def articles_on() -> bool:
    """Whether the company uses the knowledge base."""
    return articles.is_on()


@register.simple_tag
def status_badge(ticket: Ticket) -> Any:
    """The status, toned by who must act."""
    return cells.status_badge(ticket)


@register.simple_tag
def asked_status(ticket: Ticket) -> Any:
    """The status in the words for whoever asked."""
    return cells.asked_status(ticket)


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


@register.simple_tag
def question_rules(question: Any) -> Any:
    """What static/js/questions.js needs to know of a question."""
    rule = json.dumps(question.condition) if question.shown == Shown.WHEN and question.condition else ""
    shown_when = format_html(' data-shown-when="{}"', rule) if rule else ""
    return format_html(' data-question="{}" data-type="{}"{}', question.field.key, question.field.type, shown_when)


@register.simple_tag
def photo_field(key: str) -> str:
    """The hidden fields with the tokens of a question's photos."""
    return PHOTOS + key


@register.filter
def of_key(values: Any, key: str) -> Any:
    """The entry of a mapping under a key, nothing where there is none."""
    return (values or {}).get(key, ())
