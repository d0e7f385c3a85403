"""The state of a list page, read from its address: nothing else decides what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from crm.core.actor import Actor
from crm.core.text import clean_line

from ..lists import ListPage
from ..models import ListPreference, SavedView
from .custom_filters import custom_filters

PAGE_SIZES = (25, 50, 100)
PAGE_SIZE = 50
#: Parameters of the page itself; all others belong to the filterset. own=1 says that the filters in the address
#: are meant as they stand, even when there are none.
OWN = frozenset({"q", "sort", "page", "per_page", "view", "cols", "from", "exact", "own"})


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view as the page knows it, built in or saved. pk: of a saved one."""

    key: str
    label: Any
    params: QueryDict
    sort: str = ""
    columns: Sequence[str] = ()
    pk: int | None = None
    pinned: bool = True
    shared: bool = False
    editable: bool = False


@dataclass(frozen=True, slots=True)
class ListState:
    """What the address asks for.

    filters: the filterset's part. unknown: parameters nobody reads, to be named in a notice.
    tab: the chosen view, or None. changed: whether filters, search or sort differ from the view's.
    from_date: the text of the date jump.
    """

    filters: QueryDict
    q: str
    sort: str
    page: int
    per: int
    tab: ViewTab | None
    columns: Sequence[str]
    from_date: str
    exact: bool
    unknown: Sequence[str]
    changed: bool

    def as_query(self) -> QueryDict:
        """Filters, search and sort as one query string: what a bulk job, an export or a saved view stores."""
        query = self.filters.copy()
        if self.q:
            query["q"] = self.q
        if self.sort:
            query["sort"] = self.sort
        return query


def filter_names(page: ListPage) -> set[str]:
    """Every parameter name the filterset's widgets read."""
    if page.filterset is None:
        return set()
    return {
        part
        for name, item in {**page.filterset.base_filters, **custom_filters(page.key)}.items()
        for part in parameters_of(name, item.field_class.widget)
    }


def parameters_of(name: str, widget: Any) -> list[str]:
    """The parameters one filter reads: its name, or name_min and name_max, name_after and name_before."""
    return [name, *(f"{name}_{suffix}" for suffix in getattr(widget, "suffixes", ()) if suffix)]


def read(
    page: ListPage, actor: Actor, query: QueryDict, tabs: Sequence[ViewTab], preference: ListPreference | None
) -> ListState:
    """The state for an actor's address. A bare one leads to the first tab; `view=` alone brings the view's filters."""
    known = filter_names(page)
    own = QueryDict(mutable=True)
    for name, values in query.lists():
        if name in known and any(values):
            own.setlist(name, [value[:200] for value in values[:100] if value])
    tab = _tab(query, tabs)
    explicit = bool(own) or "q" in query or query.get("own") == "1"
    filters = own if explicit or tab is None else tab.params.copy()
    q = clean_line(query.get("q", "") if explicit or tab is None else tab.params.get("q", ""), 200)
    filters.pop("q", None)
    sort = _sort(page, actor, query.get("sort", "") or (tab.sort if tab else "") or page.default_sort)
    state_params = filters.copy()
    if q:
        state_params["q"] = q
    resorted = tab is not None and bool(query.get("sort")) and sort != _sort(page, actor, tab.sort or page.default_sort)
    changed = tab is not None and (state_params != tab.params or resorted)
    return ListState(
        filters=filters,
        q=q,
        sort=sort,
        page=_whole(query.get("page"), 1),
        per=_per(query.get("per_page"), preference),
        tab=tab,
        columns=_columns(query, tab, preference),
        from_date=query.get("from", "")[:10],
        exact=query.get("exact") == "1",
        unknown=[name[:40] for name in query if name not in known and name not in OWN][:5],
        changed=changed,
    )


def tabs_for(page: ListPage, actor: Actor) -> list[ViewTab]:
    """Built-in views first, then saved ones. One query."""
    found = [ViewTab(view.key, view.label, _params(view.params), view.sort) for view in page.views_for(actor)]
    may_share = actor.can("ui.share_views")
    for view in SavedView.objects.visible_to(actor).filter(list_key=page.key):
        own = view.owner_id == actor.user_id
        found.append(
            ViewTab(
                view.key,
                view.name,
                QueryDict(view.params, mutable=True),
                view.sort,
                view.columns,
                view.pk,
                view.pinned,
                view.audience != "personal",
                own or (may_share and view.audience != "personal"),
            )
        )
    return found


def _params(values: Any) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name, [value] if isinstance(value, str) else list(value))
    return query


def _tab(query: QueryDict, tabs: Sequence[ViewTab]) -> ViewTab | None:
    wanted = query.get("view", "")
    if wanted:
        return next((tab for tab in tabs if tab.key == wanted), None)
    bare = not any(name not in {"page", "per_page", "cols", "exact", "sort", "from"} for name in query)
    return tabs[0] if tabs and bare else None


def _sort(page: ListPage, actor: Actor, text: str) -> str:
    """The sort when its column is one that the actor may see: an order tells what a cell would. Else the default."""
    sortable = {column.key for column in page.columns_for(actor) if column.sort}
    return next((sort for sort in (text, page.default_sort) if sort.removeprefix("-") in sortable), "")


def _whole(text: str | None, default: int) -> int:
    """A whole number above zero of at most nine digits; no list is longer."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else default


def _per(text: str | None, preference: ListPreference | None) -> int:
    wanted = _whole(text, preference.page_size if preference else 0)
    return wanted if wanted in PAGE_SIZES else PAGE_SIZE


def _columns(query: QueryDict, tab: ViewTab | None, preference: ListPreference | None) -> Sequence[str]:
    if query.get("cols"):
        return [name[:60] for name in query["cols"].split(",")[:60]]
    if tab is not None and tab.columns:
        return tab.columns
    return preference.columns if preference else ()
