"""Ready-made cells: `cell=cells.link("subject")`. Each is drawn in Python, since a page has hundreds."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.core import sockets

from .. import html
from ..lists import Viewer

Cell = Callable[[Any, Viewer], Any]


def read(row: Any, path: str) -> Any:
    """The value at a dotted path, called when it is callable; None where the path breaks off."""
    value = row
    for part in path.split("."):
        value = getattr(value, part, None)
        value = value() if callable(value) else value
    return value


@lru_cache(maxsize=512)
def _kind(label: str) -> Any:
    return next((entry for entry in sockets.kinds if entry.model.lower() == label), None)


def url_of(row: Any) -> str:
    """The detail page of a row: `get_absolute_url`, else its Kind's url_name, else ""."""
    if hasattr(row, "get_absolute_url"):
        return str(row.get_absolute_url())
    kind = _kind(row._meta.label_lower)
    return reverse(kind.url_name, args=[getattr(row, kind.url_field)]) if kind and kind.url_name else ""


def within(url: str, place: str) -> str:
    """The address with the list it is reached from, where that list walks."""
    return f"{url}?{urlencode({'view': place})}" if place else url


def link(path: str, *, snippet: str = "") -> Cell:
    """A link to the row's page, with an optional grey snippet after it. Put css="subj cut" on the column."""

    def cell(row: Any, viewer: Viewer) -> Any:
        text = read(row, path) or html.EMPTY
        more = read(row, snippet) if snippet else ""
        return format_html(
            '<a href="{}" title="{}" data-open{}>{}</a>{}',
            within(url_of(row), viewer.place),
            text,
            html.lang_attribute(text),
            text,
            format_html("<span>{}</span>", more) if more else "",
        )

    return cell


def moment(path: str, *, short: bool = True) -> Cell:
    """When: relative for a day unless the viewer wants absolute times."""
    return lambda row, viewer: html.time(
        read(row, path), short=short, always_absolute=bool(viewer.ui and viewer.ui.absolute_time)
    )


def person(path: str) -> Cell:
    """Avatar and name."""
    return lambda row, viewer: html.who(read(row, path))


def badge(path: str, tone: str | Callable[[Any], str] = "neutral", icon: str = "") -> Cell:
    """A state. tone: a tone, a dotted path to one, or `tone(row)`."""

    def cell(row: Any, viewer: Viewer) -> Any:
        name = tone(row) if callable(tone) else tone if tone in html.TONES else str(read(row, tone) or "neutral")
        value = read(row, path)
        return html.badge(value, name, icon) if value not in (None, "") else html.EMPTY_HTML

    return cell


def number(path: str) -> Cell:
    """A whole number with separators. Put align="num" on the column."""
    return lambda row, viewer: (
        html.EMPTY_HTML
        if read(row, path) is None
        else number_format(read(row, path), use_l10n=True, force_grouping=True)
    )


def yes_no(path: str) -> Cell:
    """Yes or no in words."""
    return lambda row, viewer: _("Yes") if read(row, path) else _("No")


def template(name: str) -> Cell:
    """A template with `row` and `viewer`; for the one cell that needs markup of its own."""
    return lambda row, viewer: get_template(name).render({"row": row, "viewer": viewer})
