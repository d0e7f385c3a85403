"""The condition language: `parse` a stored tree, then filter with it, annotate it, or ask it of one record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid

from . import tree as trees
from .operators import Late, Now, Operator, operators_for, settled
from .registry import CATALOGUE, Catalogue, Path, model_of
from .values import read_argument, to_json


@dataclass(frozen=True, slots=True)
class Check:
    """A leaf with its meaning: a field, an operator and a checked argument."""

    path: Path
    operator: Operator
    argument: Any

    def expression(self, now: Now) -> Any:
        """A conditional expression over one row; NULL in it means false."""
        field = self.path.field
        source = field.expression() if callable(field.expression) else field.expression
        if isinstance(source, str):
            source = F(source)
        found = self.operator.compile(field, source, self.argument, now)
        missing = Value(self.operator.holds(() if field.many else None, self.argument, clock.now()))
        for relation in reversed(self.path.steps):
            rows = model_of(relation.to)._base_manager.filter(pk=OuterRef(relation.column))
            related = rows.annotate(condition_holds=settled(found)).values("condition_holds")
            found = Coalesce(Subquery(related), missing, output_field=BooleanField())
        return found

    def matches(self, row: Any, now: dt.datetime) -> bool:
        return self.operator.holds(self.path.read(row), self.argument, now)

    def json(self) -> dict[str, Any]:
        leaf = {"field": self.path.key, "op": self.operator.key}
        return leaf if self.operator.takes == "nothing" else {**leaf, "value": to_json(self.argument)}


@dataclass(frozen=True, slots=True)
class Branch:
    """all or any of its items, or (negative) the opposite. Without items it always holds."""

    match: str
    items: tuple[Check | Branch, ...]
    negative: bool = False

    def expression(self, now: Now) -> Any:
        if not self.items:
            return Value(True, output_field=BooleanField())
        parts = [item.expression(now) for item in self.items]
        found = Q(*parts, _connector=Q.AND if self.match == "all" else Q.OR)
        return ~Q(settled(found)) if self.negative else found

    def matches(self, row: Any, now: dt.datetime) -> bool:
        if not self.items:
            return True
        some = all if self.match == "all" else any
        return some(item.matches(row, now) for item in self.items) is not self.negative

    def json(self) -> dict[str, Any]:
        group = {self.match: [item.json() for item in self.items]}
        return {"not": group} if self.negative else group

    def checks(self) -> Iterator[Check]:
        """Every leaf below, in order."""
        for item in self.items:
            if isinstance(item, Branch):
                yield from item.checks()
            else:
                yield item


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition over records of kind `on`. `now` is what "in the last 7 days" counts from."""

    on: str
    root: Branch

    @property
    def always(self) -> bool:
        """Whether it has no conditions, so that every record matches."""
        return not self.root.items

    @property
    def tree(self) -> dict[str, Any]:
        """The JSON to store; `parse` gives the same condition back."""
        return {"v": trees.VERSION, **self.root.json()}

    def filter(self, queryset: QuerySet[Any], now: dt.datetime | None = None) -> QuerySet[Any]:
        """The rows of the queryset that match. Adds no join and no DISTINCT."""
        self._check(queryset)
        return queryset if self.always else queryset.filter(self.root.expression(now or clock.now()))

    def annotate(self, queryset: QuerySet[Any], name: str, now: dt.datetime | None = None) -> QuerySet[Any]:
        """Each row says under `name` whether it matches: true or false, never NULL."""
        self._check(queryset)
        return queryset.annotate(**{name: settled(self.root.expression(now or clock.now()))})

    def matches(self, row: Any, now: dt.datetime | None = None) -> bool:
        """Whether one record matches, in Python: for records not stored yet and to explain a decision."""
        return self.root.matches(row, now or clock.now())

    def _check(self, queryset: QuerySet[Any]) -> None:
        if queryset.model._meta.concrete_model is not model_of(self.on):
            raise TypeError(f"a condition on {self.on!r} cannot be asked of {queryset.model._meta.label}")


def parse(tree: Any, on: str, author: Actor, *, stored: bool = False, catalogue: Catalogue = CATALOGUE) -> Condition:
    """The condition a tree means for records of kind `on`, written by `author`.

    stored: the tree was checked when it was saved; values that have since left a list are kept (they match
    nothing new) and no list is read, so that rules can be loaded without queries.
    Raises `Invalid`; its `fields` name the path of the bad leaf, such as "all.1.any.0".
    """
    return Condition(on, _Parser(on, author, stored, catalogue).branch(trees.read(tree)))


class _Parser:
    """Binds leaves to fields and operators; each field's list of values is read once."""

    def __init__(self, on: str, author: Actor, stored: bool, catalogue: Catalogue) -> None:
        self.on, self.author, self.stored, self.catalogue = on, author, stored, catalogue
        self._options: dict[Any, Any] = {}

    def branch(self, group: trees.Group) -> Branch:
        items = tuple(self.branch(item) if isinstance(item, trees.Group) else self.check(item) for item in group.items)
        return Branch(group.match, items, group.negative)

    def check(self, leaf: trees.Leaf) -> Check:
        try:
            path = self.catalogue.find(self.on, leaf.field)
            if path is None or not path.readable_by(self.author):
                # One answer for both, so that nobody learns which hidden fields exist.
                raise Invalid(_("Choose a field from the list."))
            operator = operators_for(path.field).get(leaf.op)
            if operator is None:
                raise Invalid(_("Choose how to compare “%(field)s”.") % {"field": path.label})
            return Check(path, operator, self._argument(path, operator, leaf.value))
        except Invalid as error:
            raise Invalid(error.message, fields={leaf.path: error.message}) from None

    def _argument(self, path: Path, operator: Operator, raw: Any) -> Any:
        if operator.key in {"is_me", "is_not_me"}:
            return self.author.effective.user_id
        options = None
        if path.field.has_options and not self.stored:
            if path.field not in self._options:
                self._options[path.field] = path.field.options(self.author)
            options = self._options[path.field]
        return read_argument(operator.takes, path.field, raw, options)


def evaluate_many(
    conditions: Mapping[str, Condition], row: Model | QuerySet[Any], now: dt.datetime | None = None
) -> dict[str, bool]:
    """Asks many conditions of one stored record in one query: key → whether it matches.

    row: the record, for which the compiled statement is cached per set of conditions; or a queryset that
    narrows to it. A record that is gone matches nothing.
    """
    if not conditions:
        return {}
    now = now or clock.now()
    asked = tuple(conditions.values())
    if isinstance(row, Model):
        statement, params = _statement(type(row)._meta.concrete_model, asked)  # type: ignore[arg-type]
        filled = [param.fill(row.pk, now) if isinstance(param, Late) else param for param in params]
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            found = cursor.fetchone()
    else:
        found = _answers(row.order_by(), asked, now).first()
    return dict(zip(conditions, found or [False] * len(asked), strict=True))


def evaluate_rows(
    conditions: Mapping[str, Condition], rows: QuerySet[Any], now: dt.datetime | None = None
) -> dict[int, dict[str, bool]]:
    """The same of many stored records in one query: id → key → whether it matches."""
    if not conditions:
        return {}
    asked = tuple(conditions.values())
    found = _answers(rows.order_by(), asked, now or clock.now(), "pk")
    return {pk: dict(zip(conditions, answers, strict=True)) for pk, *answers in found}


@lru_cache(maxsize=64)
def _statement(model: type[Model], conditions: tuple[Condition, ...]) -> tuple[str, tuple[Any, ...]]:
    row = model._base_manager.filter(Exact(F("pk"), Late(lambda pk, _now: pk, BigIntegerField())))
    return _answers(row, conditions, None).query.sql_with_params()


def _answers(rows: QuerySet[Any], conditions: tuple[Condition, ...], now: Now, *columns: str) -> QuerySet[Any]:
    for condition in conditions:
        condition._check(rows)
    answers = {f"condition_{i}": settled(each.root.expression(now)) for i, each in enumerate(conditions)}
    return rows.values_list(*columns, *answers.values())
