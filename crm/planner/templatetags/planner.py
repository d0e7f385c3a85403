"""Tags of task lines."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from crm.ui import html

from ..choices import ICONS, TaskKind
from ..models import Task
from ..words import Due
from ..words import due_words as words_of

register = template.Library()


@register.simple_tag
def due_words(task: Task) -> Due:
    """The deadline in words, with its tone."""
    return words_of(task)


@register.simple_tag
def task_icon(task: Task) -> SafeString:
    """The icon of the task's kind."""
    return html.icon(ICONS[TaskKind(task.what)])
