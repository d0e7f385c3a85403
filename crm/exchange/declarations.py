"""What an app says about files of its records, and the registry it lands in. Fill `<app>/exchange.py`.

    importers.register(Importer(key="product", kind="product", label=_("Products"), permission="orders.catalogue", …))

The wizard, its jobs, the history and the Import button on the list of that kind follow from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.registry import Registry, RegistryError
from crm.core.sockets import ALL_REGISTRIES, Text, kinds
from crm.fields.catalogue import fields_of
from crm.fields.choices import FieldType
from crm.fields.display import from_cell
from crm.fields.forms import PREFIX
from crm.fields.registry import custom_kinds
from crm.ui.lists import ListLink, list_links

from .choices import Outcome

Undo = Callable[[Actor, Mapping[str, Any]], None]
UndoMany = Callable[[Actor, Sequence[Mapping[str, Any]]], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file are read."""

    day_first: bool = True


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column of a file.

    parse(text, reading) gives the value of a cell that is not empty; it raises a `DomainError` that says what is
    wrong. aliases: other headings, in any language, besides the label. example: what the template shows.
    """

    key: str
    label: Text
    parse: Callable[[str, Reading], Any]
    required: bool = False
    aliases: Sequence[str] = ()
    help: Text = ""
    example: str = ""


@dataclass(slots=True)
class Line:
    """One row of the file. cells: column key → text, values: column key → parsed; empty cells are in neither.

    wrong: column key (or "") → reason. Number 1 is the row of headings, as a spreadsheet counts.
    """

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """The rows that make one record: one, or those of a group. `Importer.resolve` fills what follows the lines.

    found: the record that is there already, in the actor's set; reason: how it was recognised. owned_by: whose it is,
    when it lies outside that set. resembles: column key → which other record this one may be, without being it, such as
    the customer that a lead is already; who skips what is there skips it, else it is written and told. refs: whatever
    else was looked up, for `write`.
    """

    lines: list[Line]
    found: Model | None = None
    reason: str = ""
    owned_by: str = ""
    resembles: dict[str, str] = field(default_factory=dict)
    refs: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> Line:
        return self.lines[0]

    @property
    def is_wrong(self) -> bool:
        return any(line.wrong for line in self.lines)


@dataclass(frozen=True, slots=True)
class Written:
    """What a row did. outcome: made, changed, or skipped when everything was so already. memory: for the undo, JSON."""

    outcome: Outcome
    record: Model
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Importer:
    """Files that become records of a kind.

    keys(line) → texts that two rows of one file must not share, by column key. resolve(actor, entries) recognises
    what is there already, in bulk, and may add to `wrong`. Exactly one of the two writes: write(actor, entry) calls
    the same action as the page, and changes `entry.found` or makes a record where that is None; write_many(actor,
    entries) does so for many at once, all or none. marks(line): by what a later row may find the record that this one
    makes, where that is more than `keys`; such rows are never written together. undo(actor, memory) takes one row back
    and raises a `DomainError` that says why it stays; undo_many(actor, memories) takes many back, all or none.
    parts: prefix of a key → (kind, label) of a part of the record that the row brings along, such as its person, whose
    custom fields are columns, too.
    group_by: the column whose value rows of one record share, "" for none. known_by: by what records are recognised,
    in words. may_make: whether a second one may be made. compared: with what else a row is compared, a sentence.
    """

    key: str
    kind: str
    label: Text
    permission: str
    columns: Sequence[ImportColumn]
    keys: Callable[[Line], Mapping[str, str]]
    resolve: Callable[[Actor, Sequence[Entry]], None]
    undo: Undo
    known_by: Text
    write: Callable[[Actor, Entry], Written] | None = None
    write_many: Callable[[Actor, Sequence[Entry]], list[Written]] | None = None
    undo_many: UndoMany | None = None
    marks: Callable[[Line], Iterable[Hashable]] | None = None
    parts: Mapping[str, tuple[str, Text]] = field(default_factory=dict)
    group_by: str = ""
    may_make: bool = False
    compared: Text = ""
    summary: Text = ""
    icon: str = "import"
    order: int = 50

    def all_columns(self) -> list[ImportColumn]:
        """The declared columns, then one for each custom field in use, of the record and of its parts."""
        own = _custom_columns(self.kind)
        parts = [column for prefix, part in self.parts.items() for column in _custom_columns(part[0], prefix, part[1])]
        return [*self.columns, *own, *parts]

    def column(self, key: str) -> ImportColumn | None:
        return next((column for column in self.all_columns() if column.key == key), None)


def _custom_columns(kind: str, prefix: str = "", of: Text = "") -> list[ImportColumn]:
    """The custom fields of a kind. prefix and of: of a part of the record, to tell its fields from the record's."""
    if kind not in custom_kinds:
        return []
    fields = [entry for entry in fields_of(kind) if entry.type != FieldType.PHOTO]
    return [
        ImportColumn(
            prefix + PREFIX + entry.key, f"{of}: {entry.name}" if of else entry.name,
            lambda text, _reading, entry=entry: from_cell(entry, text),
            aliases=[prefix + entry.key, *([] if of else entry.name.values())],
        )
        for entry in fields
    ]  # fmt: skip


class ImporterRegistry(Registry[Importer]):
    """Importers by key. Each puts an Import button on the list of its kind."""

    def register(self, *entries: Importer, owner: str = "") -> None:
        super().register(*entries, owner=owner)
        for entry in entries:
            list_links.register(_link(entry), owner=owner or self.owner(entry.key))

    def freeze(self) -> None:
        super().freeze()
        for entry in self.everything():
            keys = [column.key for column in entry.columns]
            if len(keys) != len(set(keys)) or entry.kind not in kinds:
                raise RegistryError(f"importers: {entry.key!r} declares a column twice or an unknown kind")
            if (entry.write is None) == (entry.write_many is None):
                raise RegistryError(f"importers: {entry.key!r} must write rows one by one or together")

    def for_actor(self, actor: Actor) -> list[Importer]:
        """What this actor may import."""
        return [entry for entry in self if actor.can("exchange.use") and actor.can(entry.permission)]


def _link(importer: Importer) -> ListLink:
    from django.utils.translation import gettext_lazy as _

    return ListLink(
        key=f"import.{importer.key}",
        on=importer.kind,
        label=_("Import"),
        icon="import",
        url=lambda: reverse("exchange:import_upload", args=[importer.key]),
        needs=("exchange.use", importer.permission),
    )


importers = ImporterRegistry("importers")
ALL_REGISTRIES.append(importers)
