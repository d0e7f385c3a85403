"""How values look in JSON: moments in UTC, money as text beside its currency, records by their number or id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core import money
from crm.core.text import clean_line
from crm.fields.tags import NAMES

MAX_ID = 2**63 - 1


class Out(serializers.Serializer):
    """What a record looks like. The context holds `actor`."""

    @property
    def actor(self) -> Any:
        return self.context["actor"]


class In(serializers.Serializer):
    """What a call may send; a name that is not known is refused, so that a misspelt one is noticed.

    needs: the fields that must be there, where the same fields serve making and changing; None leaves it to each field.
    """

    needs: ClassVar[frozenset[str] | None] = None

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items() if self.needs is not None else ():
            field.required = name in self.needs
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({str(name): [_("This field is not known.")] for name in unknown})
        return super().to_internal_value(data)

    @property
    def actor(self) -> Any:
        return self.context["actor"]


class MomentField(serializers.Field):
    """A moment: 2026-03-31T09:30:00Z. One that comes in needs its offset, so that nobody has to guess a zone."""

    default_error_messages = {"invalid": _("Enter a moment with its offset, such as 2026-03-31T09:30:00+08:00.")}

    def to_representation(self, value: dt.datetime) -> str:
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")

    def to_internal_value(self, data: Any) -> dt.datetime:
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
            if moment is None or timezone.is_naive(moment) or not 1900 < moment.year < 2900:
                raise ValueError
            return moment.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")


class MoneyField(serializers.Field):
    """{"amount": "12.50", "currency": "CNY"} of a column of the row, in the row's currency; null for none."""

    def __init__(self, column: str, currency: str = "currency", **kwargs: Any):
        self.column, self.currency = column, currency
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Any) -> dict[str, str] | None:
        amount, code = getattr(row, self.column), getattr(row, self.currency)
        return None if amount is None else {"amount": str(money.rounded(amount, code)), "currency": code}


class TextField(serializers.CharField):
    """A text; the action cleans it."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)


class NameField(serializers.Field):
    """A name that has a text in each language, in the caller's language."""

    def __init__(self, **kwargs: Any):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(value)


class TranslatedTextField(serializers.Field):
    """A text by language, {"en": "…", "zh-hans": "…"}; a plain text is the caller's language."""

    default_error_messages = {
        "invalid": _("Send a text, or texts by language."),
        "long": _("Send a shorter text."),
    }

    def __init__(self, max_length: int, **kwargs: Any):
        self.max_length = max_length
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            data = {get_language() or settings.LANGUAGE_CODE: data}
        known = dict(settings.LANGUAGES)
        if not isinstance(data, dict) or not data or not all(isinstance(text, str) for text in data.values()):
            self.fail("invalid")
        if set(data) - set(known):
            self.fail("invalid")
        texts = {code: clean_line(text) for code, text in data.items()}
        if any(len(text) > self.max_length for text in texts.values()):
            self.fail("long")
        return texts


class CodeField(serializers.Field):
    """A numbered choice by the lower-case name of its member: "urgent"."""

    default_error_messages = {"invalid": _("Choose one of: %(choices)s.")}

    def __init__(self, choices: Any, **kwargs: Any):
        self.choices = choices
        super().__init__(**kwargs)

    @property
    def names(self) -> list[str]:
        return [member.name.lower() for member in self.choices]

    def to_representation(self, value: Any) -> str:
        return str(self.choices(value).name.lower())

    def to_internal_value(self, data: Any) -> Any:
        if data not in self.names:
            message = self.error_messages["invalid"] % {"choices": ", ".join(self.names)}
            raise serializers.ValidationError(message)
        return self.choices[data.upper()]


class RowField(serializers.Field):
    """A record named by one of its columns. rows(actor): where it may come from; text: the column holds a text."""

    default_error_messages = {"missing": _("There is no such record in your data scope.")}

    def __init__(self, rows: Callable[[Any], Any], lookup: str = "pk", *, text: bool = False, **kwargs: Any):
        self.rows, self.lookup, self.text = rows, lookup, text
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        fits = isinstance(data, str) and len(data) < 200 if self.text else type(data) is int and 0 < data <= MAX_ID
        row = self.rows(self.context["actor"]).filter(**{self.lookup: data}).first() if fits else None
        if row is None:
            self.fail("missing")
        return row

    def to_representation(self, value: Any) -> Any:
        return getattr(value, self.lookup)


class CustomField(serializers.DictField):
    """Answers to custom fields by their keys; null takes one away, what is not named stays."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("required", False)
        super().__init__(child=serializers.JSONField(allow_null=True), **kwargs)


class TagsField(serializers.Field):
    """Names of tags. What comes in is the whole set."""

    default_error_messages = {"invalid": _("Send a list of at most 20 names.")}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault("source", "*")
        super().__init__(**kwargs)

    def to_representation(self, row: Any) -> list[str]:
        return list(getattr(row, NAMES, ()))

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        right = isinstance(data, list) and len(data) <= 20
        if not right or not all(isinstance(name, str) and 0 < len(name.strip()) <= 40 for name in data):
            self.fail("invalid")
        return {"tags": data}


class PersonOut(Out):
    """A colleague."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceOut(Out):
    """A team, department, pool or stage: its id and its name in the caller's language."""

    id = serializers.IntegerField()
    name = NameField()


class NumberedOut(Out):
    """A record known by a number, such as a customer."""

    number = serializers.IntegerField()
    name = serializers.CharField()
