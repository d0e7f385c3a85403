"""Giving a row of a short list another place: by two arrows, a step each, or dragged over several (js/order.js)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.errors import NotFound
from crm.core.text import row_id

from . import html

Row = TypeVar("Row")
_LONGEST = 500


def moved(line: Sequence[Row], row: Any, way: str, steps: int = 1) -> list[Row] | None:
    """The line with the row some steps "up" or "down", at most to its end; None where it stands there already.

    Raises `NotFound` for another way, and for a row that is not in the line.
    """
    here = next((place for place, entry in enumerate(line) if entry.pk == row.pk), None)  # type: ignore[attr-defined]
    if here is None or way not in ("up", "down"):
        raise NotFound
    there = min(max(here + (steps if way == "down" else -steps), 0), len(line) - 1)
    if there == here:
        return None
    order = list(line)
    order.insert(there, order.pop(here))
    return order


def asked(request: HttpRequest) -> tuple[str, int]:
    """The way and the steps of an address made by `movers`."""
    steps = row_id(request.GET.get("steps", "")) or 1
    return request.GET.get("way", ""), min(steps, _LONGEST)


def movers(url: str, name: Any, form: str) -> SafeString:
    """A handle to drag, and two buttons that post `url?way=…` through the page's form of that id."""
    up, down = _("Move up: %(name)s") % {"name": name}, _("Move down: %(name)s") % {"name": name}
    handle = format_html('<span class="app-drag" data-drag-row>{}</span>', html.icon("drag"))
    return format_html("{}{}{}", handle, _mover(url, form, "up", up), _mover(url, form, "down", down))


def _mover(url: str, form: str, way: str, label: str) -> SafeString:
    return format_html(
        '<button type="submit" form="{}" formaction="{}?way={}" data-way="{}" class="btn btn-icon btn-ghost btn-sm"'
        ' title="{}" aria-label="{}">{}</button>',
        form, url, way, way, label, label, html.icon(f"chevron-{way}", "icon-sm"),
    )  # fmt: skip
