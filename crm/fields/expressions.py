"""An answer as an SQL expression over one row. Each is NULL where nothing was answered, and fit for an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    JSONField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import DataContains, KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Substr
from django.db.models.lookups import Exact, GreaterThan, Regex

from .choices import TEXT_TYPES, FieldType
from .models import CustomField
from .registry import COLUMN

_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_NUMERIC: Any = DecimalField(max_digits=30, decimal_places=6)


def answer(field: CustomField) -> Any:
    """The answer in the type it is compared in: text, number, date or boolean. Lists have `Answers`."""
    return {
        FieldType.NUMBER: _number,
        FieldType.DATE: _date,
        FieldType.BOOLEAN: _boolean,
    }.get(FieldType(field.type), _text)(field.key)


def sort_key(field: CustomField) -> Any:
    """What lists sort by and the index is over; texts without case, as conditions compare them."""
    found = answer(field)
    return _Folded(found, output_field=TextField()) if field.type in TEXT_TYPES else found


class _Folded(Func):
    """What `conditions.operators` compares texts by, written so that Django also takes it into an index."""

    function = "LOWER"
    template = '%(function)s((%(expressions)s) COLLATE "C")'


@dataclass(frozen=True, slots=True)
class Answers:
    """A list of answers, for conditions on fields with many values (`operators.Members`)."""

    key: str

    def among(self, values: Any) -> Any:
        """Whether one of the values was answered."""
        return Q(*(self._has(value) for value in values), _connector=Q.OR)

    def count(self) -> Any:
        """How many answers there are."""
        length = Func(KeyTransform(self.key, COLUMN), function="jsonb_array_length", output_field=IntegerField())
        return Coalesce(Case(When(self._is_list(), then=length)), 0)

    def any(self) -> Any:
        """Whether there is one."""
        return GreaterThan(self.count(), Value(0))

    def _has(self, value: Any) -> Any:
        return DataContains(F(COLUMN), Value({self.key: [value]}, output_field=JSONField()))

    def _is_list(self) -> Any:
        return Exact(_type_of(self.key), Value("array"))


def _text(key: str) -> Any:
    return KeyTextTransform(key, COLUMN)


def _number(key: str) -> Any:
    number = Func(_text(key), template="(%(expressions)s)::numeric", output_field=_NUMERIC)
    return Case(When(Exact(_type_of(key), Value("number")), then=number), output_field=_NUMERIC)


def _date(key: str) -> Any:
    """By `make_date`: a cast from text depends on a setting of the session, so no index may hold it."""
    parts = [Cast(Substr(_text(key), *place), IntegerField()) for place in ((1, 4), (6, 2), (9, 2))]
    day = Func(*parts, function="make_date", output_field=DateField())
    return Case(When(Regex(_text(key), Value(_DAY)), then=day), output_field=DateField())


def _boolean(key: str) -> Any:
    return Case(
        When(Exact(_text(key), Value("true")), then=Value(True)),
        When(Exact(_text(key), Value("false")), then=Value(False)),
        output_field=BooleanField(),
    )


def _type_of(key: str) -> Any:
    return Func(KeyTransform(key, COLUMN), function="jsonb_typeof", output_field=TextField())
