"""The operators: for each a word for the form, a sentence, an SQL expression and the same in Python.

A missing value (NULL, no related row) makes every plain operator false and every negative one true:
"Type is not Incident" holds for a record without a type. `settled` makes that so in SQL.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Collate, Lower
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .registry import Field, Text
from .values import Span

Takes = Literal["nothing", "one", "several", "range", "span", "count"]
#: The moment relative operators count from; None compiles a `Late` parameter in its place.
Now = dt.datetime | None
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Late(Expression):
    """A parameter that is filled in when a cached statement runs: `fill(row id, now)`."""

    def __init__(self, fill: Callable[[Any, dt.datetime], Any], output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.fill = fill

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """One way to compare. sql(source, argument, now) and python(value, argument, now) mean the same.

    source: an expression over the row, or for a field of many values their queryset.
    negative: both are written for the opposite, and what they say is turned round.
    """

    key: str
    label: Text
    phrase: Text
    takes: Takes
    sql: Callable[[Any, Any, Now], Any]
    python: Callable[[Any, Any, dt.datetime], bool]
    negative: bool = False

    def compile(self, field: Field, source: Any, argument: Any, now: Now) -> Any:
        """A conditional expression; NULL in it means false, see `settled`."""
        if field.many and isinstance(source, QuerySet):
            source = _Related(source, field)
        found = self.sql(source, argument, now)
        return ~Q(settled(found)) if self.negative else found

    def holds(self, value: Any, argument: Any, now: dt.datetime) -> bool:
        """The same for a value in Python; None or an empty iterable when there is none."""
        return self.python(value, argument, now) is not self.negative


class Members(Protocol):
    """The values of a field with many, as SQL over one row; none of the three is ever NULL."""

    def among(self, values: Any) -> Any: ...
    def count(self) -> Any: ...
    def any(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Related:
    """Values that are rows of another table."""

    rows: Any
    field: Field

    def among(self, values: Any) -> Exists:
        member = self.field.member
        if self.field.type == "text":
            rows = self.rows.annotate(folded_member=_fold(member)).filter(folded_member__in=[_lower(v) for v in values])
        else:
            rows = self.rows.filter(**{f"{member}__in": list(values)})
        return Exists(rows)

    def count(self) -> Any:
        counted = Func(Value(1), function="COUNT", output_field=IntegerField())
        return Coalesce(Subquery(self.rows.order_by().annotate(row_count=counted).values("row_count")), 0)

    def any(self) -> Exists:
        return Exists(self.rows)


def settled(condition: Any) -> Coalesce:
    """The condition as true or false, never NULL."""
    return Coalesce(condition, Value(False), output_field=BooleanField())


def _lower(text: str) -> str:
    return text.translate(_ASCII_LOWER)


def _fold(source: Any) -> Lower:
    """Lower case by the "C" rules: the letters A to Z, whatever the database's locale is."""
    return Lower(Collate(source, "C"), output_field=TextField())


def _number(value: Decimal | Span) -> Any:
    plain = value.seconds if isinstance(value, Span) else value
    return Value(int(plain) if plain == int(plain) else plain)


def _plain(value: Any, beside: Any) -> Any:
    """The argument in the type of the value it is compared with, as the database would cast it."""
    plain = value.seconds if isinstance(value, Span) else value
    return float(plain) if isinstance(beside, float) else plain


def _constant(value: Any) -> Any:
    return _number(value) if isinstance(value, Decimal | Span) else Value(value)


def _moment(now: Now, span: Span | None, sign: int) -> Any:
    shift = span.delta * sign if span else dt.timedelta()
    if now is None:
        return Late(lambda _row, at: at + shift, DateTimeField())
    return Value(now + shift)


def _day(now: Now, span: Span | None, sign: int) -> Any:
    shift = span.delta * sign if span else dt.timedelta()
    if now is None:
        return Late(lambda _row, at: _today(at) + shift, DateField())
    return Value(_today(now) + shift)


def _today(now: dt.datetime) -> dt.date:
    return timezone.localtime(now).date()


def _between(source: Any, first: Any, last: Any) -> Q:
    return Q(GreaterThanOrEqual(source, first)) & Q(LessThanOrEqual(source, last))


def _compare(
    key: str, label: Text, phrase: Text, lookup: Any, test: Callable[[Any, Any], bool], negative: bool = False
) -> Operator:
    return Operator(
        key, label, phrase, "one",
        lambda source, value, now: lookup(source, _constant(value)),
        lambda found, value, now: found is not None and test(found, _plain(value, found)),
        negative,
    )  # fmt: skip


def _like(
    key: str, label: Text, phrase: Text, lookup: Any, test: Callable[[str, str], bool], negative: bool
) -> Operator:
    return Operator(
        key, label, phrase, "one",
        lambda source, value, now: lookup(_fold(source), _lower(value)),
        lambda found, value, now: found is not None and test(_lower(found), _lower(value)),
        negative,
    )  # fmt: skip


def _relative(
    key: str, label: Text, phrase: Text, at: Callable[..., Any], bounds: Callable[..., Any],
    test: Callable[[Any, Any, Span], bool], present: Callable[[dt.datetime], Any],
) -> Operator:  # fmt: skip
    return Operator(
        key, label, phrase, "span",
        lambda source, span, now: bounds(source, lambda sign: at(now, span if sign else None, sign)),
        lambda found, span, now: found is not None and test(found, present(now), span),
    )  # fmt: skip


def _relatives(at: Callable[..., Any], present: Callable[[dt.datetime], Any]) -> tuple[Operator, ...]:
    return (
        _relative(
            "in_last", _("is in the last"), _("%(field)s is in the last %(value)s"), at,
            lambda source, edge: _between(source, edge(-1), edge(0)),
            lambda found, here, span: here - span.delta <= found <= here, present,
        ),
        _relative(
            "in_next", _("is in the next"), _("%(field)s is in the next %(value)s"), at,
            lambda source, edge: _between(source, edge(0), edge(1)),
            lambda found, here, span: here <= found <= here + span.delta, present,
        ),
        _relative(
            "older_than", _("is longer ago than"), _("%(field)s is longer ago than %(value)s"), at,
            lambda source, edge: LessThan(source, edge(-1)),
            lambda found, here, span: found < here - span.delta, present,
        ),
    )  # fmt: skip


def _empty(sql: Callable[..., Any], python: Callable[..., bool]) -> tuple[Operator, Operator]:
    return (
        Operator("is_empty", _("is empty"), _("%(field)s is empty"), "nothing", sql, python),
        Operator("is_not_empty", _("is not empty"), _("%(field)s is not empty"), "nothing", sql, python, True),
    )


def _several(sql: Callable[..., Any], python: Callable[..., bool]) -> tuple[Operator, Operator]:
    return (
        Operator("any_of", _("is any of"), _("%(field)s is any of %(value)s"), "several", sql, python),
        Operator("none_of", _("is none of"), _("%(field)s is none of %(value)s"), "several", sql, python, True),
    )


_IS, _IS_PHRASE = _("is"), _("%(field)s is %(value)s")
_IS_NOT, _IS_NOT_PHRASE = _("is not"), _("%(field)s is not %(value)s")
_EQUAL = (
    _compare("is", _IS, _IS_PHRASE, Exact, lambda a, b: a == b),
    _compare("is_not", _IS_NOT, _IS_NOT_PHRASE, Exact, lambda a, b: a == b, True),
)
_MISSING = _empty(lambda source, _value, _now: IsNull(source, True), lambda found, _value, _now: found is None)
_BLANK = _empty(
    lambda source, _value, _now: Exact(
        Coalesce(Cast(source, TextField()), Value(""), output_field=TextField()), Value("")
    ),
    lambda found, _value, _now: found is None or found == "",
)
_RANGE = Operator(
    "between", _("is between"), _("%(field)s is between %(first)s and %(second)s"), "range",
    lambda source, ends, now: _between(source, _constant(ends[0]), _constant(ends[1])),
    lambda found, ends, now: found is not None and _plain(ends[0], found) <= found <= _plain(ends[1], found),
)  # fmt: skip
_LISTED = _several(
    lambda source, values, _now: In(source, [Value(value) for value in values]),
    lambda found, values, _now: found is not None and found in values,
)
_TIMES = (
    _compare("before", _("is before"), _("%(field)s is before %(value)s"), LessThan, lambda a, b: a < b),
    _compare("after", _("is after"), _("%(field)s is after %(value)s"), GreaterThan, lambda a, b: a > b),
    _RANGE,
)
_SIZES = (
    _compare(
        "at_least", _("is at least"), _("%(field)s is at least %(value)s"), GreaterThanOrEqual, lambda a, b: a >= b
    ),
    _compare("at_most", _("is at most"), _("%(field)s is at most %(value)s"), LessThanOrEqual, lambda a, b: a <= b),
    _compare("more_than", _("is more than"), _("%(field)s is more than %(value)s"), GreaterThan, lambda a, b: a > b),
    _compare("less_than", _("is less than"), _("%(field)s is less than %(value)s"), LessThan, lambda a, b: a < b),
    _RANGE,
)


def _is_me(key: str, label: Text, phrase: Text, negative: bool) -> Operator:
    """`parse` puts the author's user id in as the argument; nobody's record is mine."""
    return Operator(
        key, label, phrase, "nothing",
        lambda source, user_id, now: Exact(source, Value(user_id or 0)),
        lambda found, user_id, now: found is not None and found == user_id,
        negative,
    )  # fmt: skip


def _all_among(source: Members, values: Any, _now: Now) -> Q:
    return Q(*(source.among([value]) for value in values))


def _same(value: Any) -> Any:
    return value


def _folded(value: Any) -> Any:
    return _lower(value) if isinstance(value, str) else value


def _many(key: Callable[[Any], Any]) -> tuple[Operator, ...]:
    def members(found: Any) -> set[Any]:
        return {key(value) for value in found or ()}

    def any_sql(source: Members, values: Any, _now: Now) -> Any:
        return source.among(values)

    def any_python(found: Any, values: Any, _now: dt.datetime) -> bool:
        return not members(found).isdisjoint(members(values))

    return (
        Operator("any_of", _("has any of"), _("%(field)s has any of %(value)s"), "several", any_sql, any_python),
        Operator("none_of", _("has none of"), _("%(field)s has none of %(value)s"),
                 "several", any_sql, any_python, True),
        Operator(
            "all_of", _("has all of"), _("%(field)s has all of %(value)s"), "several", _all_among,
            lambda found, values, _now: members(values) <= members(found),
        ),
        Operator(
            "count_at_least", _("number is at least"), _("the number of %(field)s is at least %(value)s"), "count",
            lambda source, n, _now: GreaterThanOrEqual(source.count(), Value(n)),
            lambda found, n, _now: len(list(found or ())) >= n,
        ),
        Operator(
            "count_at_most", _("number is at most"), _("the number of %(field)s is at most %(value)s"), "count",
            lambda source, n, _now: LessThanOrEqual(source.count(), Value(n)),
            lambda found, n, _now: len(list(found or ())) <= n,
        ),
        # "is empty" is written as the opposite of "any", hence the turned pair.
        Operator(
            "is_empty", _("is empty"), _("%(field)s is empty"), "nothing",
            lambda source, _value, _now: source.any(), lambda found, _value, _now: bool(list(found or ())), True,
        ),
        Operator(
            "is_not_empty", _("is not empty"), _("%(field)s is not empty"), "nothing",
            lambda source, _value, _now: source.any(), lambda found, _value, _now: bool(list(found or ())),
        ),
    )  # fmt: skip


_TEXT = (
    _like("contains", _("contains"), _("%(field)s contains %(value)s"), Contains, lambda a, b: b in a, False),
    _like("not_contains", _("does not contain"), _("%(field)s does not contain %(value)s"),
          Contains, lambda a, b: b in a, True),
    _like("starts_with", _("starts with"), _("%(field)s starts with %(value)s"), StartsWith, str.startswith, False),
    _like("is", _IS, _IS_PHRASE, Exact, lambda a, b: a == b, False),
    _like("is_not", _IS_NOT, _IS_NOT_PHRASE, Exact, lambda a, b: a == b, True),
    *_several(
        lambda source, values, _now: In(_fold(source), [Value(_lower(value)) for value in values]),
        lambda found, values, _now: found is not None and _lower(found) in {_lower(value) for value in values},
    ),
    *_BLANK,
)  # fmt: skip
_CHOICE = (*_EQUAL, *_LISTED)
_NUMBER = (*_EQUAL, *_SIZES, *_MISSING)

_BY_TYPE: dict[str, tuple[Operator, ...]] = {
    "text": _TEXT,
    "number": _NUMBER,
    "duration": (*_SIZES, *_MISSING),
    "boolean": (_EQUAL[0],),
    "choice": (*_CHOICE, *_BLANK),
    "date": (_EQUAL[0], *_TIMES, *_relatives(_day, _today), *_MISSING),
    "datetime": (*_TIMES, *_relatives(_moment, lambda now: now), *_MISSING),
    "user": (
        *_CHOICE,
        _is_me("is_me", _("is me"), _("%(field)s is me"), False),
        _is_me("is_not_me", _("is not me"), _("%(field)s is not me"), True),
        *_MISSING,
    ),
    "team": (*_CHOICE, *_MISSING),
    "tag": (*_CHOICE, *_MISSING),
}
_MANY_TEXT, _MANY = _many(_folded), _many(_same)


def operators_for(field: Field) -> dict[str, Operator]:
    """Operator id → operator that a field of that type admits, the usual one first."""
    many = _MANY_TEXT if field.type == "text" else _MANY
    return {operator.key: operator for operator in (many if field.many else _BY_TYPE[field.type])}
