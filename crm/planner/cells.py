"""How a task looks in a row."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.ui import html
from crm.ui.generic.cells import url_of
from crm.ui.lists import Viewer

from .choices import ICONS, TaskKind
from .models import Task
from .words import due_words


def due(task: Task) -> Any:
    """The deadline in words; red when it has passed."""
    words = due_words(task)
    if not words.text:
        return html.EMPTY_HTML
    icon = html.icon("clock") if words.tone == "danger" else ""
    return format_html(
        '<span class="sla{}">{}{}</span>',
        f" tone-{words.tone} is-tint" if words.tone != "neutral" else "",
        icon,
        words.text,
    )


def in_list(cell: Any) -> Any:
    """A cell of one row for a column."""
    return lambda row, viewer: cell(row)


def kind(task: Task) -> Any:
    """Icon and word."""
    return format_html('<span class="nw">{} {}</span>', html.icon(ICONS[TaskKind(task.what)]), task.get_what_display())


def subject(task: Any, viewer: Viewer) -> Any:
    """The record it is about, as a link where the reader may open it."""
    record = getattr(task, "subject", None)
    if record is not None:
        return format_html(
            '<a class="app-link" href="{}"{}>{}</a>', url_of(record), html.lang_attribute(str(record)), record
        )
    if task.kind is None:
        return html.EMPTY_HTML
    return format_html('<span class="t2">{}</span>', _("A record you may not open"))


def holder(task: Task) -> Any:
    """The person, else the team."""
    return html.who(task.assignee) if task.assignee else str(task.team) if task.team else html.EMPTY_HTML
