"""Finding a text inside a column, also one of one or two characters, of which trigrams know nothing.

Most Chinese words have two characters. A model with `GinIndex(fields=[column], opclasses=["gin_trgm_ops"])` and
`GinIndex(Characters(column))` answers both kinds from an index.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Q, TextField, Value

_TEXTS: Any = ArrayField(TextField())
#: A trigram needs so many.
_TRIGRAM = 3


class Characters(Func):
    """Every character of a text column, as an array."""

    function = "STRING_TO_ARRAY"
    template = "%(function)s(%(expressions)s, NULL)"
    output_field = _TEXTS


def containing(column: str, text: str) -> Q:
    """Rows whose column holds the text as it stands; a text below three characters is found by each of them first."""
    found = Q(**{f"{column}__contains": text})
    if 0 < len(text) < _TRIGRAM:
        every = Value(sorted(set(text)), _TEXTS)
        found &= Q(Func(Characters(column), every, template="%(expressions)s", arg_joiner=" @> ",
                        output_field=BooleanField()))  # fmt: skip
    return found
