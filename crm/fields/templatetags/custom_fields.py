"""Answers of a record for templates."""

from __future__ import annotations

from typing import Any

from django import template

from ..display import rows

register = template.Library()


@register.simple_tag(takes_context=True)
def answers_of(context: template.Context, record: Any) -> list[tuple[str, str]]:
    """(label, text) of every answer that the reader may see."""
    request = context.get("request")
    return rows(record, getattr(request, "actor", None))
