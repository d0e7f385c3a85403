"""What the list templates read: rows as cells, chips, tabs, pager, bulk bar. Lazy, so that a page pays for what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from ..html import EMPTY_HTML
from ..lists import Column, ListPage, Viewer
from ..models import ListPreference
from . import cells
from .conflicts import display
from .engine import PageOfRows, Rows, chosen_columns, invalid_filters, parse_day
from .state import PAGE_SIZES, ListState, ViewTab

MAX_TABS = 7


@dataclass(frozen=True, slots=True)
class Chip:
    """An applied filter. url: the address without it."""

    name: str
    label: Any
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head. url: the address that sorts by it; aria: the value of aria-sort, or ""."""

    column: Column
    url: str
    aria: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to draw."""

    record: Any
    url: str
    label: str
    css: str
    cells: Sequence[tuple[Column, Any]]


@dataclass
class ListContext:
    """`list` in the templates."""

    page: ListPage
    rows: Rows
    tabs: Sequence[ViewTab]
    preference: ListPreference | None
    viewer: Viewer
    #: Kept for templates that show one row's cell elsewhere.
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> ListState:
        return self.rows.state

    @cached_property
    def url(self) -> str:
        return reverse(self.page.url_name)

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
        page, viewer, columns = self.page, self.viewer, self.columns
        for record in self.current.rows:
            yield Row(
                record,
                page.row_url(record) if page.row_url else cells.url_of(record),
                page.row_label(record),
                page.row_class(record) if page.row_class else "",
                [(column, drawn(column, record, viewer)) for column in columns],
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
        if not any(name not in {"view", "sort"} for name in query) and (self.state.tab is None or self.state.changed):
            query["notice"] = "cleared"
        request = self.rows.request
        for name in ("per", "cols", "from"):
            if request is not None and request.GET.get(name):
                query[name] = request.GET[name]
        return query

    def page_url(self, number: int) -> str:
        query = self.base_query()
        if number > 1:
            query["page"] = str(number)
        return self.address(query)

    @cached_property
    def pager(self) -> list[tuple[int | None, str]]:
        return [(number, self.page_url(number) if number else "") for number in self.current.pages]

    @property
    def previous_url(self) -> str:
        return self.page_url(self.current.number - 1) if self.current.has_previous else ""

    @property
    def next_url(self) -> str:
        return self.page_url(self.current.number + 1) if self.current.has_next else ""

    @property
    def exact_url(self) -> str:
        query = self.base_query()
        query["exact"] = "1"
        return self.address(query)

    @property
    def query_text(self) -> str:
        """Filters, search and sort, for forms that act on the whole query."""
        return self.state.as_query().urlencode()

    @cached_property
    def headings(self) -> list[Heading]:
        found = []
        now, descends = self.state.sort.removeprefix("-"), self.state.sort.startswith("-")
        for column in self.columns:
            url = aria = ""
            if column.sort:
                query = self.base_query()
                query.pop("notice", None)
                query["sort"] = f"-{column.key}" if column.key == now and not descends else column.key
                url = self.address(query)
                aria = ("descending" if descends else "ascending") if column.key == now else ""
            found.append(Heading(column, url, aria))
        return found

    # Filters -----------------------------------------------------------------------------------

    @cached_property
    def form(self) -> Any:
        filterset = self.rows.filterset
        return filterset.form if filterset is not None else None

    @property
    def quick_fields(self) -> list[Any]:
        return [self.form[name] for name in self.page.quick_filters] if self.form is not None else []

    @property
    def more_fields(self) -> list[Any]:
        if self.form is None:
            return []
        return [field for field in self.form if field.name not in self.page.quick_filters]

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
            for key in [key for key in query if key == name or key.startswith(f"{name}_")]:
                query.pop(key)
            if not any(key not in {"view", "sort"} for key in query):
                query["notice"] = "cleared"
            found.append(Chip(name, form_field.label or name, _chip_text(form_field, value), self.address(query)))
        return found

    @property
    def clear_url(self) -> str:
        query = QueryDict(mutable=True)
        query["notice"] = "cleared"
        if self.state.tab is not None:
            query["view"] = self.state.tab.key
        return self.address(query)

    @property
    def is_filtered(self) -> bool:
        return bool(self.state.q or self.state.filters or self.state.from_date)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used."""
        found = invalid_filters(self.rows.filterset)
        if self.state.unknown:
            found.append(_("Left out, because this list does not know it: %(names)s") % {"names": ", ".join(self.state.unknown)})
        if self.state.from_date and parse_day(self.state.from_date) is None:
            found.append(_("The date was left out: write it as 2026-09-05."))
        if self.current.too_far:
            found.append(_("This list is long: choose a date below to go further back."))
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
        own = self.preference.density if self.preference else ""
        return own or (self.viewer.ui.density if self.viewer.ui else "compact")

    @property
    def page_sizes(self) -> Sequence[int]:
        return PAGE_SIZES

    @cached_property
    def bulk(self) -> list[Any]:
        return self.page.bulk_for(self.viewer.actor)

    @property
    def may_export(self) -> bool:
        return self.page.may_export(self.viewer.actor)

    @property
    def create_url(self) -> str:
        allowed = not self.page.create_permission or self.viewer.actor.can(self.page.create_permission)
        return reverse(self.page.create_url_name) if self.page.create_url_name and allowed else ""


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
