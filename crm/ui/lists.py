"""What an app says about a list, and the registries it lands in. Fill `<app>/lists.py` and `<app>/list_actions.py`.

    lists.register(ListPage(key="team", model=Team, label=_("Teams"), permission="console.view_staff",
        url_name="console:team_list", columns=[Column("name", _("Name"), sort="pk", cell=cells.link("name"))]))

The page itself is `crm.ui.views.generic.ListView` with `page = "team"`. docs/howto/add-a-model.md shows it whole.
A list whose records take custom fields (`crm.fields.registry`) offers the listed ones as columns and filters too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core import sockets
from crm.core.actor import Actor
from crm.core.registry import Registry, RegistryError
from crm.core.sockets import Text
from crm.fields.catalogue import Snapshot, current
from crm.fields.choices import FieldType
from crm.fields.display import shown, to_cell
from crm.fields.expressions import sort_key
from crm.fields.forms import PREFIX
from crm.fields.models import CustomField
from crm.fields.registry import COLUMN, custom_kinds
from crm.fields.tags import NAMES, tag_kinds

if TYPE_CHECKING:
    from django import forms
    from django_filters import FilterSet

    from .preferences import Preferences


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a cell is drawn: the actor, and how they like to see a page.

    place: the query string of the list they look at, for links that keep it.
    """

    actor: Actor
    ui: Preferences | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    cell: an attribute path ("customer.name") or `cell(row, viewer)` → text or safe HTML; by default the key.
    sort: the model path (or expression) to order by, "" for a column that does not sort.
    export: `export(row, viewer)` → text; by default the plain text of the cell. "" labels are not exported.
    css: classes of the cell ("subj cut"); width: a width class ("cw-80" … in theme.css) or "".
    on_card: stays on phones. locked: always shown. permission: who may see and export it.
    """

    key: str
    label: Text
    cell: str | Callable[[Any, Viewer], Any] = ""
    sort: Any = ""
    default: bool = True
    locked: bool = False
    align: Literal["", "num"] = ""
    css: str = ""
    width: str = ""
    on_card: bool = False
    permission: str = ""
    export: Callable[[Any, Viewer], Any] | None = None

    @property
    def column_class(self) -> str:
        """The class of the whole column: its width, and more room for sentences."""
        return self.width or ("cw-sentence" if "c-sentence" in self.css else "")

    def value(self, row: Any, viewer: Viewer) -> Any:
        """What stands in the cell."""
        if callable(self.cell):
            return self.cell(row, viewer)
        value: Any = row
        for part in (self.cell or self.key).split("."):
            value = getattr(value, part, None)
            value = value() if callable(value) else value
        return value


@dataclass(frozen=True, slots=True)
class BuiltinView:
    """A view the app ships: a tab. params: the query string it stands for; `"me"` values are the filterset's affair."""

    key: str
    label: Text
    params: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A verb for many rows. `run(actor, row, values)` calls an action function for one row, in its own transaction.

    on: the list's key. form: what the confirmation asks; its cleaned values reach `run`. The job stores what was
    typed and validates it anew at each step; a form whose `__init__` takes `actor` gets it. danger: red button.
    A `DomainError` raised by `run` is the row's skipped reason.
    """

    key: str
    on: str
    label: Text
    run: Callable[[Actor, Any, dict[str, Any]], Any]
    icon: str = "edit"
    permission: str = ""
    form: type[forms.Form] | None = None
    danger: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class ListLink:
    """A button in the head of a list that leads elsewhere, such as Import. on: the list's key.

    url() gives the address; needs: permissions, all of them. pulse: key of the rail's entry whose count it shows.
    """

    key: str
    on: str
    label: Text
    icon: str
    url: Callable[[], str]
    needs: Sequence[str] = ()
    order: int = 50
    pulse: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """The first-use state: what this list is for; the button is the page's create button."""

    title: Text
    text: Text = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list. key: the Kind key of the model. permission: opens the page. url_name: its address without arguments.

    search: `search(queryset, text, actor)` → queryset. default_sort: a column key, "-" before it for descending.
    prepare: `prepare(queryset, actor)` adds select_related and annotations to the rows of one page; keep it
    out of the filtering. base: `base(queryset)` leaves out rows that have a page, but no place in the list.
    row_url and row_class: `f(row)`. date_jump: a sortable column of a date or moment.
    quick_filters: names of the filterset that stand open; the rest is under "More filters".
    views: the first is where the bare address leads. create_url_name with create_permission is the page's button.
    export_permission: by default whoever sees the list may export it. walks: links to records carry the view, so that
    their pages lead to the previous and the next one (`crm.ui.generic.neighbours`).
    """

    key: str
    model: type[Model]
    label: Text
    permission: str
    url_name: str
    columns: Sequence[Column]
    filterset: type[FilterSet] | None = None
    quick_filters: Sequence[str] = ()
    search: Callable[[QuerySet[Any], str, Actor], QuerySet[Any]] | None = None
    search_hint: Text = ""
    default_sort: str = ""
    prepare: Callable[[QuerySet[Any], Actor], QuerySet[Any]] | None = None
    base: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    row_url: Callable[[Any], str] | None = None
    row_label: Callable[[Any], str] = str
    row_class: Callable[[Any], str] | None = None
    date_jump: str = ""
    views: Sequence[BuiltinView] = ()
    empty: Empty | None = None
    create_url_name: str = ""
    create_permission: str = ""
    create_label: Text = ""
    export_permission: str = ""
    section: Text = ""
    order: int = 50
    walks: bool = False

    @property
    def searches(self) -> bool:
        """Whether it has a search box. Templates ask this, since they would call `search` itself."""
        return self.search is not None

    def column(self, key: str) -> Column | None:
        """The column of that key."""
        columns = custom_columns(self.key) if key.startswith(PREFIX) else [*self.columns, *tag_columns(self.key)]
        return next((column for column in columns if column.key == key), None)

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns this actor may see, in declared order; then those of the listed custom fields."""
        columns = [*self.columns, *tag_columns(self.key), *custom_columns(self.key)]
        return [column for column in columns if not column.permission or actor.can(column.permission)]

    def views_for(self, actor: Actor) -> list[BuiltinView]:
        """The built-in views this actor may see."""
        return [view for view in self.views if not view.permission or actor.can(view.permission)]

    def bulk_for(self, actor: Actor) -> list[BulkAction]:
        """The bulk actions this actor may run."""
        return [
            entry
            for entry in bulk_actions
            if entry.on == self.key and (not entry.permission or actor.can(entry.permission))
        ]

    def links_for(self, actor: Actor) -> list[ListLink]:
        """The buttons that lead elsewhere, for this actor; first the entries that belong to this list's own."""
        offered = [link for link in list_links if link.on == self.key]
        return [link for link in (*self._belonging(), *offered) if all(map(actor.can, link.needs))]

    def _belonging(self) -> Iterator[ListLink]:
        """The entries of the rail that belong under this list's."""
        own = {item.key for item in sockets.nav if item.url_name == self.url_name}
        for item in sockets.nav:
            if item.under in own:
                needs = (item.permission,) if item.permission else ()
                pulse = item.key if item.count else ""
                url = functools.partial(reverse, item.url_name)
                yield ListLink(f"nav.{item.key}", self.key, item.label, item.icon, url, needs, item.order, pulse)

    def may_export(self, actor: Actor) -> bool:
        return actor.can(self.export_permission or self.permission)


def tag_columns(key: str) -> Sequence[Column]:
    """The column of tags, for lists whose records take them; `crm.fields.tags.with_names` fills it."""
    if key not in tag_kinds:
        return ()
    return [Column("tags", _("Tags"), cell=_tag_cell, default=False, css="cut")]


def _tag_cell(row: Any, viewer: Viewer) -> str:
    return ", ".join(getattr(row, NAMES, ()))


def custom_fields_of(key: str) -> Sequence[CustomField]:
    """The listed custom fields of the records that the list of that key shows."""
    if key not in custom_kinds:
        return ()
    return [entry for entry in current().of(key) if entry.is_active and entry.is_listed]


def custom_columns(key: str) -> Sequence[Column]:
    """A column for each of them; it sorts once its index stands. No query while the fields are known."""
    return current().built(_custom_columns).get(key, ()) if key in custom_kinds else ()


def _custom_columns(_snapshot: Snapshot) -> Mapping[str, Sequence[Column]]:
    return {kind.key: [_custom_column(entry) for entry in custom_fields_of(kind.key)] for kind in custom_kinds}


def _custom_column(entry: CustomField) -> Column:
    return Column(
        PREFIX + entry.key,
        entry.name,
        cell=lambda row, _viewer: shown(entry, getattr(row, COLUMN).get(entry.key)),
        sort=sort_key(entry) if entry.index_ready else "",
        default=False,
        align="num" if entry.type == FieldType.NUMBER else "",
        css="cut",
        export=lambda row, _viewer: to_cell(entry, getattr(row, COLUMN).get(entry.key)),
    )


class ListRegistry(Registry[ListPage]):
    """Lists by key; a wrong sort, view or permission inside a declaration is found at start."""

    def freeze(self) -> None:
        super().freeze()
        for page in self:
            _check(page)

    def of_model(self, model: type[Model]) -> ListPage | None:
        """The list that shows a model."""
        return next((page for page in self if page.model is model), None)


def _check(page: ListPage) -> None:
    keys = [column.key for column in page.columns]
    if len(keys) != len(set(keys)):
        raise RegistryError(f"lists: {page.key!r} declares a column twice")
    for name in (page.default_sort.removeprefix("-"), page.date_jump):
        column = page.column(name) if name else None
        if name and (column is None or not column.sort):
            raise RegistryError(f"lists: {page.key!r} sorts by {name!r}, which is no sortable column")
    for part in (*page.columns, *page.views):
        if part.permission and part.permission not in sockets.permissions.names:
            raise RegistryError(f"lists: {page.key}.{part.key} needs unknown {part.permission!r}")
    for permission in (page.export_permission, page.create_permission):
        if permission and permission not in sockets.permissions.names:
            raise RegistryError(f"lists: {page.key!r} needs unknown {permission!r}")


lists = ListRegistry("lists")
bulk_actions: Registry[BulkAction] = Registry("bulk actions", key=lambda entry: (entry.on, entry.key))
list_links: Registry[ListLink] = Registry("list links")
sockets.ALL_REGISTRIES.extend([lists, bulk_actions, list_links])
