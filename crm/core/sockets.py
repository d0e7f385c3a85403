"""Every socket of the house: what an upper app may declare, and the registry it lands in.

An app fills files with fixed names (`discovery.SOCKET_FILES`), imported once before the registries freeze.
docs/architecture/sockets.md describes each registry; a test compares the page with this file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .actor import Scope
from .registry import Registry, RegistryError

Text = Any  # str or a lazy translation


@dataclass(frozen=True, slots=True)
class Kind:
    """A model that activity, clocks, files or conversations may point at.

    code: the small number stored in rows; never reused. model: "app.Model". url_name: its detail page.
    """

    code: int
    key: str
    model: str
    label: Text
    label_plural: Text
    icon: str = "file"
    url_name: str = ""
    url_field: str = "pk"


@dataclass(frozen=True, slots=True)
class Permission:
    """One action of a module; the full name is ``module.action``."""

    action: str
    label: Text
    help: Text = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A module's permissions. `scoped` says whether a role also picks a data scope for it.

    defaults: key of a seeded role → the actions it starts with ("*" for all) and its data scope.
    """

    key: str
    label: Text
    permissions: Sequence[Permission]
    scoped: bool = True
    order: int = 50
    defaults: Mapping[str, tuple[Sequence[str], Scope]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seed:
    """Rows the product cannot work without (statuses, a calendar). `run()` adds what is missing, after migrate."""

    key: str
    run: Callable[[], None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A kind of deed. sentence: a lazy text with %(actor)s and the keys of `data` as placeholders.

    code: the small number stored in rows; never reused. permission: what a reader needs.
    lane: whose dispatcher delivers it. card: shown as a card with `data["text"]` on the timeline.
    """

    code: int
    key: str
    label: Text
    sentence: Text
    icon: str = "history"
    tone: str = "neutral"
    permission: str = ""
    lane: Literal["urgent", "default", "bulk"] = "default"
    card: bool = False


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A reader of activity, run after commit, at least once: `run(activity)` must be idempotent.

    run_many(activities): the same for many at once, oldest first, where that is cheaper; used in the bulk lane.
    """

    key: str
    types: Sequence[str]
    run: Callable[[Any], None]
    order: int = 50
    run_many: Callable[[Sequence[Any]], None] | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Work that is due by database time: `run()` handles a batch and returns how many rows it did.

    every_seconds: how often the ticker asks. urgent: the ticker runs it itself when the broker is gone.
    """

    key: str
    label: Text
    every_seconds: int
    run: Callable[[], int]
    queue: Literal["urgent", "default", "bulk", "reports"] = "default"
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the rail. count: how many wait for this actor, or None to show nothing.

    under: key of the entry that it belongs to. It is then not in the rail, but in the head of that entry's list
    and, as any other, in the palette.
    """

    key: str
    section: str
    label: Text
    icon: str
    url_name: str
    permission: str = ""
    order: int = 50
    count: Callable[[Any], int | None] | None = None
    under: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the palette, the Create menu (`create=True`) and the shortcut list."""

    key: str
    label: Text
    icon: str
    url_name: str
    permission: str = ""
    keywords: Text = ""
    shortcut: str = ""
    create: bool = False
    order: int = 50


@dataclass(frozen=True, slots=True)
class ShellSlot:
    """A fragment in the shell. context(actor) gives the template its values.

    place: "topbar", "banner", "home"; for whoever reads them: "help" for the side of the help centre's first page,
    "public_nav" for the header of public pages, "door" for the side of the portal's sign-in.
    """

    key: str
    place: str
    template: str
    context: Callable[[Any], dict[str, Any]]
    permission: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """An entry of /settings/. summary: one sentence of what is set there."""

    key: str
    section: str
    label: Text
    summary: Text
    icon: str
    url_name: str
    permission: str
    order: int = 50
    keywords: Text = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A block or tab on another app's page, loaded lazily. on: the Kind key of that page.

    context(actor, subject) gives the template its values; one that raises shows an error card.
    place: "side" or "tab" or "main".
    """

    key: str
    on: str
    label: Text
    template: str
    context: Callable[[Any, Any], dict[str, Any]]
    permission: str = ""
    place: str = "side"
    order: int = 50
    queries: int = 6


@dataclass(frozen=True, slots=True)
class Fact:
    """Something worth knowing about a subject at a glance: `find(actor, subject)` → sentence or None."""

    key: str
    on: str
    label: Text
    tone: str
    find: Callable[[Any, Any], Text | None]
    permission: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Glance:
    """A figure under a record's title. url: the records behind it. note: a few words beside it, in a tone."""

    value: Text
    url: str = ""
    note: Text = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure in the strip under the title of another app's page: `read(actor, subject)` → `Glance`, None for none."""

    key: str
    on: str
    label: Text
    read: Callable[[Any, Any], Glance | None]
    permission: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """What staff may be told. permission: what the recipient must hold to be told.

    sentence: a lazy text with %(actor)s and the keys of `data` as placeholders; the label when empty.
    in_app, mail, push: the channels it starts with; push reaches only who turned it on for a device.
    mail_if_away: its mail waits for as long as the person is at work in the product.
    """

    key: str
    label: Text
    group: Text
    permission: str = ""
    sentence: Text = ""
    in_app: bool = True
    mail: bool = False
    urgent: bool = False
    order: int = 50
    push: bool = False
    mail_if_away: bool = False


@dataclass(frozen=True, slots=True)
class ClockKind:
    """A deadline of a subject. on_level(clock, level) is the effect of "warning" or "breach", once each.

    on: key of the `Kind` whose records have it.
    """

    code: int
    key: str
    label: Text
    on_level: Callable[[Any, str], None]
    on: str = "ticket"


@dataclass(frozen=True, slots=True)
class AttachmentOwner:
    """Who may open a file: `visible(actor, object_id)` decides for files of that Kind key."""

    key: str
    visible: Callable[[Any, int, Any], bool]


@dataclass(frozen=True, slots=True)
class DemoStep:
    """A step of `loaddemo`: `run(context)`; context carries seed, counts, rng, progress and what earlier steps made."""

    key: str
    label: Text
    run: Callable[[Any], None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Recyclable:
    """A kind whose deleted records wait in the recycle bin. key: of the `Kind`; permission: to delete and restore.

    deleted(actor): the deleted rows of the actor's set, a queryset with `matching(text)`. restore(actor, record) and
    erase(actor, record) call the verbs; they raise a `DomainError` that says what stands in the way. order: what is
    erased first, so that nothing waits for what hangs on it.
    """

    key: str
    permission: str
    deleted: Callable[[Any], Any]
    restore: Callable[[Any, Any], Any]
    erase: Callable[[Any, Any], Any]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Handover:
    """Work that a person holds and a colleague takes over when they leave.

    rows(actor, user): what the actor may hand over, a queryset. move(actor, row, to) is the verb for one row; it
    returns, as JSON, what undo(actor, user, row_id, memory) needs to reverse it. Both raise a `DomainError` that says
    why a row stays. queue_label: named by kinds that take None as `to`, for whoever comes next.
    """

    key: str
    label: Text
    rows: Callable[[Any, Any], Any]
    move: Callable[[Any, Any, Any], dict[str, Any]]
    undo: Callable[[Any, Any, int, dict[str, Any]], None]
    queue_label: Text = ""
    order: int = 50


class PermissionRegistry(Registry[Module]):
    """Modules by key; also knows every full permission name."""

    def __init__(self) -> None:
        super().__init__("permissions", survives=True)
        self.names: frozenset[str] = frozenset()

    def freeze(self) -> None:
        super().freeze()
        self.names = frozenset(f"{module.key}.{entry.action}" for module in self for entry in module.permissions)

    def check_name(self, name: str) -> None:
        """Raises `KeyError` for a permission that no module declares."""
        if self._frozen and name not in self.names:
            raise KeyError(f"permission {name!r} is not declared by any permissions.py")

    def label(self, name: str) -> Text:
        """The permission's label for a person."""
        module, action = name.split(".", 1)
        return next(entry.label for entry in self[module].permissions if entry.action == action)


class CodedRegistry(Registry[Any]):
    """A registry whose entries also carry a stored small number, unique too."""

    def __init__(self, name: str) -> None:
        super().__init__(name, survives=True)
        self._by_code: dict[int, Any] = {}

    def register(self, *entries: Any, owner: str = "") -> None:
        for entry in entries:
            if entry.code in self._by_code:
                raise RegistryError(f"{self.name}: code {entry.code} is used twice ({entry.key})")
            super().register(entry, owner=owner)
            self._by_code[entry.code] = entry

    def by_code(self, code: int) -> Any:
        """The entry stored as that number, or None when its app is gone."""
        return self._by_code.get(code)


kinds = CodedRegistry("kinds")
permissions = PermissionRegistry()
activity_types = CodedRegistry("activity types")
subscribers: Registry[Subscriber] = Registry("subscribers")
sweeps: Registry[Sweep] = Registry("sweeps")
nav: Registry[NavItem] = Registry("nav")
commands: Registry[Command] = Registry("commands")
shell_slots: Registry[ShellSlot] = Registry("shell slots")
settings_pages: Registry[SettingsPage] = Registry("settings pages")
panels: Registry[Panel] = Registry("panels")
facts: Registry[Fact] = Registry("facts")
headlines: Registry[Headline] = Registry("headlines")
notification_kinds: Registry[NotificationKind] = Registry("notification kinds")
clock_kinds = CodedRegistry("clock kinds")
attachment_owners: Registry[AttachmentOwner] = Registry("attachment owners", survives=True)
recyclables: Registry[Recyclable] = Registry("recyclables")
handovers: Registry[Handover] = Registry("handovers")
demo: Registry[DemoStep] = Registry("demo", survives=True)
seeds: Registry[Seed] = Registry("seeds", survives=True)

#: Registries of rooms above this one (conditions, lists, metrics) add themselves here.
ALL_REGISTRIES: list[Registry[Any]] = [
    kinds, permissions, activity_types, subscribers, sweeps, nav, commands, shell_slots, settings_pages, panels,
    facts, headlines, notification_kinds, clock_kinds, attachment_owners, recyclables, handovers, demo, seeds,
]  # fmt: skip
