"""When time alone changes the answer of a condition: "no order for 90 days" becomes true 90 days after the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Case, DateField, DateTimeField, F, Func, OuterRef, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Least
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from .language import Check, Condition
from .registry import model_of
from .values import Span

#: Operator → by how many spans after the value its answer changes, and whether the whole of that moment still has it.
_TURNS: dict[str, tuple[tuple[int, bool], ...]] = {
    "in_last": ((0, False), (1, True)),
    "in_next": ((-1, False), (0, True)),
    "older_than": ((1, True),),
}
#: A moment is over this much later.
_TICK = dt.timedelta(microseconds=1)


def is_timely(condition: Condition) -> bool:
    """Whether the answer may change without anything having happened."""
    return any(_moments(check) for check in condition.root.checks())


def next_change(condition: Condition, now: dt.datetime) -> Any:
    """An expression over one row: the first moment after `now` at which a leaf may answer otherwise, or NULL.

    Dates turn at midnight of the active time zone. The moment may come too early for the condition as a whole, never
    too late.
    """
    ahead: list[Any] = []
    for check in condition.root.checks():
        for moment in _moments(check):
            after = Case(When(GreaterThan(moment, Value(now)), then=moment), output_field=DateTimeField())
            ahead.append(_over(check, after))
    if not ahead:
        return Value(None, output_field=DateTimeField())
    return ahead[0] if len(ahead) == 1 else Least(*ahead)


def _moments(check: Check) -> list[Any]:
    field, span = check.path.field, check.argument
    found = [field.moves_at()] if field.moves_at else []
    if check.operator.key in _TURNS and isinstance(span, Span):
        source = field.expression() if callable(field.expression) else F(field.expression)
        found += _turns(source, field.type, check.operator.key, span)
    return found


def _turns(source: Combinable, field_type: str, operator: str, span: Span) -> Iterator[Any]:
    for spans, whole in _TURNS[operator]:
        if field_type == "date":
            days = spans * span.delta.days + (1 if whole else 0)
            yield start_of_day(source, days)
        else:
            shift = spans * span.delta + (_TICK if whole else dt.timedelta())
            yield Func(
                source, Value(shift), arg_joiner=" + ", template="(%(expressions)s)", output_field=DateTimeField()
            )


def start_of_day(day: Any, days: int = 0) -> Any:
    """The start of the day that is `days` after the date expression `day`, in the active time zone."""
    later = Func(day, Value(days), arg_joiner=" + ", template="(%(expressions)s)", output_field=DateField())
    local = Func(later, template="(%(expressions)s)::timestamp", output_field=DateTimeField())
    zone = Cast(Value(timezone.get_current_timezone_name()), TextField())
    return Func(zone, local, function="timezone", output_field=DateTimeField())


def _over(check: Check, moment: Any) -> Any:
    """The moment of a related record, seen from the record that is asked."""
    for relation in reversed(check.path.steps):
        rows = model_of(relation.to)._base_manager.filter(pk=OuterRef(relation.column))
        moment = Subquery(rows.annotate(moves_at=moment).values("moves_at"))
    return moment
