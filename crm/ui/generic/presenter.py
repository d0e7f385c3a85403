"""What the list templates read: rows as cells, chips, tabs, bulk bar. Lazy: a page pays for what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.choices import Density

from ..html import EMPTY_HTML
from ..lists import Column, ListLink, ListPage, Viewer
from ..models import ListPreference
from ..rules import rule_lists
from . import cells
from .conflicts import display
from .engine import PageOfRows, Rows, chosen_columns, invalid_filters, parse_day
from .state import PAGE_SIZES, ListState, ViewTab, parameters_of

MAX_TABS = 7


@dataclass(frozen=True, slots=True)
class Chip:
    """An applied filter. remove_url: the address without it."""

    name: Any
    text: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head, as ui/components/table.html reads it. sorted: "asc", "desc" or ""."""

    label: Any
    width: str
    sort_url: str
    sorted: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to draw."""

    record: Any
    url: str
    label: str
    css: str
    cells: SafeString


@dataclass
class ListContext:
    """`list` in the templates."""

    page: ListPage
    rows: Rows
    tabs: Sequence[ViewTab]
    preference: ListPreference | None
    viewer: Viewer

    @property
    def state(self) -> ListState:
        return self.rows.state

    @cached_property
    def url(self) -> str:
        return reverse(self.page.url_name)

    @property
    def has_rules(self) -> bool:
        """Whether its cells hold buttons."""
        return self.page.key in rule_lists

    @cached_property
    def current(self) -> PageOfRows:
        return self.rows.slice()

    @cached_property
    def columns(self) -> list[Column]:
        return chosen_columns(self.page, self.viewer.actor, self.state.columns)

    @cached_property
    def count_text(self) -> str:
        return self.current.size.text

    @property
    def title(self) -> Any:
        return self.state.tab.label if self.state.tab else self.page.label

    def __iter__(self) -> Iterator[Row]:
        """The rows of the page."""
        page, viewer = self.page, self.viewer
        if page.walks:
            viewer = replace(viewer, place=self.state.as_query().urlencode())
        columns = [(column, css_of(column)) for column in self.columns]
        for record in self.current.rows:
            yield Row(
                record,
                page.row_url(record) if page.row_url else cells.within(cells.url_of(record), viewer.place),
                page.row_label(record),
                page.row_class(record) if page.row_class else "",
                format_html_join(
                    "", '<td class="{}">{}</td>', ((css, drawn(column, record, viewer)) for column, css in columns)
                ),
            )

    # Addresses ---------------------------------------------------------------------------------

    def address(self, query: QueryDict) -> str:
        text = query.urlencode()
        return f"{self.url}?{text}" if text else self.url

    def base_query(self) -> QueryDict:
        """The whole state without page, as explicit parameters."""
        query = self.state.as_query()
        if self.state.sort == self.page.default_sort:
            query.pop("sort", None)
        if self.state.tab is not None:
            query["view"] = self.state.tab.key
        query["own"] = "1"
        request = self.rows.request
        for name in ("per_page", "cols"):
            if request is not None and request.GET.get(name):
                query[name] = request.GET[name]
        return query

    @property
    def exact_url(self) -> str:
        query = self.base_query()
        query["exact"] = "1"
        return self.address(query)

    @property
    def query_text(self) -> str:
        """The state as a query string, for the addresses of forms that act on the whole list."""
        return self.base_query().urlencode()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form carries along: everything but the filters themselves."""
        query = self.base_query()
        return [(name, query[name]) for name in ("view", "own", "sort", "per_page", "cols") if name in query]

    @property
    def kept_all(self) -> list[tuple[str, str]]:
        """The whole state as hidden inputs; for the date jump, which keeps every filter."""
        return [(name, value) for name, values in self.base_query().lists() for value in values]

    @cached_property
    def headings(self) -> list[Heading]:
        found = []
        now, descends = self.state.sort.removeprefix("-"), self.state.sort.startswith("-")
        for column in self.columns:
            url = order = ""
            if column.sort:
                query = self.base_query()
                query["sort"] = f"-{column.key}" if column.key == now and not descends else column.key
                url = self.address(query)
                order = ("desc" if descends else "asc") if column.key == now else ""
            found.append(Heading(column.label, column.column_class, url, order, column.align == "num"))
        return found

    # Filters -----------------------------------------------------------------------------------

    @cached_property
    def form(self) -> Any:
        filterset = self.rows.filterset
        return filterset.form if filterset is not None else None

    @property
    def has_more_filters(self) -> bool:
        return self.form is not None and any(name not in self.page.quick_filters for name in self.form.fields)

    @property
    def active_more(self) -> int:
        """How many filters apply that stand under "More filters"."""
        if self.form is None:
            return 0
        return sum(
            any(self.state.filters.get(part) for part in parameters_of(name, form_field.widget))
            for name, form_field in self.form.fields.items()
            if name not in self.page.quick_filters
        )

    @cached_property
    def chips(self) -> list[Chip]:
        """One chip per applied filter, with the words of its choices."""
        if self.form is None:
            return []
        self.rows.filterset.is_valid()
        cleaned = getattr(self.form, "cleaned_data", {})
        found = []
        for name, form_field in self.form.fields.items():
            value = cleaned.get(name)
            if value is None or value == "" or (hasattr(value, "__len__") and not len(value)):
                continue
            query = self.base_query()
            for key in parameters_of(name, form_field.widget):
                query.pop(key, None)
            label = form_field.label or name
            text = _("%(name)s: %(value)s") % {"name": label, "value": _chip_text(form_field, value)}
            found.append(Chip(label, text, self.address(query)))
        return found

    @property
    def clear_url(self) -> str:
        query = QueryDict(mutable=True)
        query["own"] = "1"
        if self.state.tab is not None:
            query["view"] = self.state.tab.key
        return self.address(query)

    @property
    def is_filtered(self) -> bool:
        return bool(self.state.q or self.state.filters or self.state.from_date)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used, and that there are more pages than can be gone through."""
        found = self.address_notices()
        if self.current.too_far:
            found.append(_("This list is long: choose a date below to go further back."))
        return found

    def address_notices(self) -> list[str]:
        """What in the address could not be used. Reads no rows."""
        found = invalid_filters(self.rows.filterset)
        if self.state.unknown:
            found.append(
                _("Left out, because this list does not know it: %(names)s") % {"names": ", ".join(self.state.unknown)}
            )
        if self.state.from_date and parse_day(self.state.from_date) is None:
            found.append(_("The date was left out: write it as 2026-09-05."))
        return found

    # Views -------------------------------------------------------------------------------------

    @property
    def shown_tabs(self) -> list[tuple[ViewTab, str, bool]]:
        pinned = [tab for tab in self.tabs if tab.pinned][:MAX_TABS]
        return [(tab, f"{self.url}?view={tab.key}", self._is_current(tab)) for tab in pinned]

    @property
    def more_tabs(self) -> list[tuple[ViewTab, str, bool]]:
        shown = {tab.key for tab, _url, _now in self.shown_tabs}
        rest = [tab for tab in self.tabs if tab.key not in shown]
        return [(tab, f"{self.url}?view={tab.key}", self._is_current(tab)) for tab in rest]

    def _is_current(self, tab: ViewTab) -> bool:
        return self.state.tab is not None and self.state.tab.key == tab.key

    # Columns, sizes, bulk ----------------------------------------------------------------------

    @property
    def all_columns(self) -> list[tuple[Column, bool]]:
        """For the dialog: shown ones in their order, then the rest."""
        shown = self.columns
        rest = [column for column in self.page.columns_for(self.viewer.actor) if column not in shown]
        return [(column, True) for column in shown] + [(column, False) for column in rest]

    @property
    def density(self) -> str:
        return self.own_density or (self.viewer.ui.density if self.viewer.ui else "compact")

    @property
    def own_density(self) -> str:
        return self.preference.density if self.preference else ""

    @property
    def densities(self) -> Sequence[tuple[str, Any]]:
        return Density.choices

    @property
    def page_sizes(self) -> Sequence[int]:
        return PAGE_SIZES

    @cached_property
    def bulk(self) -> list[Any]:
        return self.page.bulk_for(self.viewer.actor)

    @property
    def links(self) -> list[ListLink]:
        """Buttons that lead elsewhere, such as Import."""
        return self.page.links_for(self.viewer.actor)

    @property
    def may_export(self) -> bool:
        return self.page.may_export(self.viewer.actor)

    @property
    def create_url(self) -> str:
        allowed = not self.page.create_permission or self.viewer.actor.can(self.page.create_permission)
        return reverse(self.page.create_url_name) if self.page.create_url_name and allowed else ""


def css_of(column: Column) -> str:
    """The classes of a column's cells, worked out once a page and not once a cell."""
    parts = ("num" if column.align == "num" else "", column.css, "on-card" if column.on_card else "")
    return " ".join(part for part in parts if part)


def drawn(column: Column, record: Any, viewer: Viewer) -> Any:
    """A cell's content; nothing is drawn as the empty mark, yes and no in words."""
    value = column.value(record, viewer)
    if value is None or value == "":
        return EMPTY_HTML
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if hasattr(value, "__html__") else format_html("{}", value)


def _chip_text(form_field: Any, value: Any) -> str:
    if isinstance(value, slice):
        ends = [_short(end) for end in (value.start, value.stop)]
        return " – ".join(ends)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple, set)):
        return ", ".join(display(form_field, item) for item in list(value)[:3]) + ("…" if len(value) > 3 else "")
    if hasattr(value, "model") and hasattr(value, "all"):
        names = [str(row) for row in value[:4]]
        return ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
    return display(form_field, value)


def _short(value: Any) -> str:
    if value is None:
        return "…"
    return str(value.date()) if hasattr(value, "date") else str(value)
