"""The socket of the condition language: the fields and relations that apps declare in `conditions.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from operator import attrgetter
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.core.registry import Registry, RegistryError
from crm.core.sockets import ALL_REGISTRIES, kinds

Text = Any  # str or a lazy translation
FieldType = Literal[
    "text", "number", "boolean", "choice", "many_choice", "date", "datetime", "user", "team", "tag", "duration"
]
#: Types whose value is picked from `Field.values`.
OPTION_TYPES = frozenset({"choice", "many_choice", "user", "team", "tag"})
ALL_TYPES = OPTION_TYPES | {"text", "number", "boolean", "date", "datetime", "duration"}
#: `ticket.customer.owner.name` is two steps from the ticket; there is no third.
MAX_STEPS = 2


def _people(actor: Actor) -> list[tuple[Any, Text]]:
    return list(User.objects.visible_to(actor).active().values_list("pk", "name"))


def _teams(actor: Actor) -> list[tuple[Any, Text]]:
    return [(team.pk, str(team)) for team in Team.objects.visible_to(actor).active()]


_DEFAULT_VALUES = {"user": _people, "team": _teams}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Something a condition may ask about a record.

    key: "ticket.priority"; it starts with `on`, the Kind key of the record.
    expression: a column of the record ("priority", "team_id"), or a callable giving one expression over
    the row (`OuterRef` for anything beyond it, never a path that joins). A duration is in whole seconds.
    many: the callable gives a queryset of the related rows, correlated by `OuterRef`, whose column `member` holds
    the value; or an object of its own with `among`, `count` and `any` (`operators.Members`).
    python: row → the same value (many: an iterable of values); a column needs none.
    values: actor → [(stored value, label)] for types that are picked from a list; users and teams have theirs.
    offered: False keeps stored conditions working while nobody can choose the field any more.
    watches: types of deeds after which the value may be another, for sets that follow what happens; columns of the
    record itself need none. moves_at: the next moment at which the value changes by itself, as an expression over the
    row, for values that depend on the present time.
    """

    key: str
    on: str
    label: Text
    type: FieldType
    expression: Callable[[], Any] | str
    values: Callable[[Actor], Sequence[tuple[Any, Text]]] | None = None
    permission: str = ""
    many: bool = False
    python: Callable[[Any], Any] | None = None
    help: Text = ""
    member: str = "pk"
    order: int = 50
    offered: bool = True
    watches: Sequence[str] = ()
    moves_at: Callable[[], Any] | None = None

    def __post_init__(self) -> None:
        for wrong, reason in (
            (not self.key.startswith(f"{self.on}."), f"the key does not start with {self.on!r}"),
            (self.type not in ALL_TYPES, f"there is no type {self.type!r}"),
            ("__" in self.key or "-" in self.key, "a key has no '__' and no '-'"),
            (isinstance(self.expression, str) and "__" in self.expression, "a column path would join"),
            ("__" in self.member, "a member path would join"),
            (callable(self.expression) and self.python is None, "an expression needs its Python twin"),
            (self.many and isinstance(self.expression, str), "many values need a callable giving a queryset"),
            (self.many and self.type not in OPTION_TYPES | {"text"}, f"{self.type} cannot be many"),
            (self.type == "many_choice" and not self.many, "many_choice is many"),
            (self.type in OPTION_TYPES and self.values is None and self.type not in _DEFAULT_VALUES, "needs values"),
        ):
            if wrong:
                raise RegistryError(f"condition field {self.key!r}: {reason}")

    @property
    def name(self) -> str:
        """The key without its kind."""
        return self.key.removeprefix(f"{self.on}.")

    @property
    def has_options(self) -> bool:
        return self.type in OPTION_TYPES

    def options(self, actor: Actor) -> dict[str, tuple[Any, Text]]:
        """What the actor may pick: the value as text → (stored value, label)."""
        provider = self.values or _DEFAULT_VALUES.get(self.type)
        return {str(value): (value, label) for value, label in provider(actor)} if provider else {}

    def read(self, row: Any) -> Any:
        """The field's value of one row, for the Python evaluator."""
        return self.python(row) if self.python else attrgetter(str(self.expression))(row)


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A way from one record to another: `Relation("ticket.customer", "ticket", "customer", "customer_id")`.

    column: the column of `on` that holds the id of `to`; both are Kind keys. The label defaults to `to`'s.
    """

    key: str
    on: str
    to: str
    column: str
    label: Text = ""
    permission: str = ""
    order: int = 50

    def __post_init__(self) -> None:
        if not self.key.startswith(f"{self.on}.") or "__" in self.column:
            raise RegistryError(f"condition relation {self.key!r}: starts with its kind, and names one column")

    @property
    def title(self) -> Text:
        return self.label or kinds[self.to].label

    def follow(self, row: Any) -> Any:
        """The related record, or None."""
        column = row._meta.get_field(self.column)
        if column.is_relation:
            return getattr(row, column.name)
        return model_of(self.to)._base_manager.filter(pk=getattr(row, self.column)).first()


@dataclass(frozen=True, slots=True)
class Provider:
    """Fields that rows of the database decide. fields(): key → `Field`, the same objects until one changes."""

    key: str
    fields: Callable[[], Mapping[str, Field]]


def model_of(kind: str) -> type[Model]:
    """The model of a Kind key. Raises `KeyError` for a kind nobody declared."""
    return apps.get_model(kinds[kind].model)


@dataclass(frozen=True, slots=True)
class Path:
    """A field seen from a record, through at most two relations. key: how a tree names it."""

    key: str
    steps: tuple[Relation, ...]
    field: Field

    @property
    def label(self) -> str:
        """ "Priority", or "Customer: Tier" through a relation."""
        label = str(self.field.label)
        for relation in reversed(self.steps):
            label = _("%(relation)s: %(field)s") % {"relation": relation.title, "field": label}
        return label

    @property
    def permissions(self) -> Iterator[str]:
        return (entry.permission for entry in (*self.steps, self.field) if entry.permission)

    def readable_by(self, actor: Actor) -> bool:
        """Whether the actor holds every permission on the way."""
        return all(actor.can(name) for name in self.permissions)

    def read(self, row: Any) -> Any:
        """The value seen from one row; None (many: nothing) where a relation ends."""
        for relation in self.steps:
            row = relation.follow(row)
            if row is None:
                return () if self.field.many else None
        return self.field.read(row)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Fields and relations that belong together. Tests make their own with `Catalogue.of(...)`."""

    fields: Registry[Field] = default(default_factory=lambda: Registry("condition fields"))
    relations: Registry[Relation] = default(default_factory=lambda: Registry("condition relations"))
    providers: Registry[Provider] = default(default_factory=lambda: Registry("condition providers"))

    @classmethod
    def of(cls, *entries: Field | Relation | Provider) -> Catalogue:
        """A catalogue apart from the product's, of the given declarations."""
        catalogue = cls()
        homes: dict[type, Registry[Any]] = {
            Field: catalogue.fields, Relation: catalogue.relations, Provider: catalogue.providers,
        }  # fmt: skip
        for entry in entries:
            homes[type(entry)].register(entry)
        return catalogue

    def field(self, key: str) -> Field | None:
        """The field of that key: declared, else provided; None when there is none."""
        found = self.fields.get(key)
        if found is not None:
            return found
        provided = (provider.fields().get(key) for provider in self.providers)
        return next((entry for entry in provided if entry is not None), None)

    def all_fields(self) -> Iterator[Field]:
        """The declared fields, then those that providers give now."""
        yield from self.fields
        for provider in self.providers:
            yield from provider.fields().values()

    def find(self, on: str, key: str) -> Path | None:
        """The path a tree's key names, seen from a record of kind `on`, or None."""
        return self._find(on, key, key, ())

    def _find(self, on: str, key: str, rest: str, steps: tuple[Relation, ...]) -> Path | None:
        found = self.field(rest)
        if found is not None and found.on == on:
            return Path(key, steps, found)
        for relation in self.relations.everything() if len(steps) < MAX_STEPS else ():
            if relation.on == on and rest.startswith(f"{relation.key}."):
                onward = f"{relation.to}.{rest.removeprefix(f'{relation.key}.')}"
                if (path := self._find(relation.to, key, onward, (*steps, relation))) is not None:
                    return path
        return None

    def paths(self, on: str, actor: Actor) -> list[Path]:
        """Every path from `on` that is offered and that the actor may read, the record's own fields first."""
        return [path for path in self._paths(on, on, ()) if path.readable_by(actor)]

    def _paths(self, on: str, prefix: str, steps: tuple[Relation, ...]) -> Iterable[Path]:
        for entry in self.all_fields():
            if entry.on == on and entry.offered:
                yield Path(f"{prefix}.{entry.name}", steps, entry)
        for relation in self.relations if len(steps) < MAX_STEPS else ():
            if relation.on == on:
                step = f"{prefix}.{relation.key.removeprefix(f'{relation.on}.')}"
                yield from self._paths(relation.to, step, (*steps, relation))


#: What apps fill: `fields.register(Field(...))`, `relations.register(Relation(...))`, and providers where rows decide.
CATALOGUE = Catalogue()
fields, relations, providers = CATALOGUE.fields, CATALOGUE.relations, CATALOGUE.providers
ALL_REGISTRIES.extend((fields, relations, providers))
