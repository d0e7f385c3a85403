"""Which column of a file is meant: by its heading in any language, by what somebody chose before, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from crm.core import names
from crm.core.errors import Invalid

from .declarations import ImportColumn, Importer


def folded(heading: str) -> str:
    """A heading without what varies: case, width, blanks, stars and what stands in brackets."""
    text = names.fold(heading)
    for sign in "（(【[":
        text = text.split(sign)[0] or text
    return "".join(text.replace("*", "").replace(":", "").replace("_", " ").split())


def words_of(column: ImportColumn) -> set[str]:
    """Every heading by which a column is known, besides its key."""
    found = set(column.aliases)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(str(column.label))
    return {folded(word) for word in found}


def guessed(importer: Importer, headings: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Place of a heading → column key. before: what the person chose the last time; each column is taken once."""
    columns = importer.all_columns()
    known = {folded(column.key): column.key for column in columns}
    known |= {word: column.key for column in columns for word in words_of(column)}
    keys = {column.key for column in columns}
    found: dict[str, str] = {}
    for place, heading in enumerate(headings):
        word = folded(heading)
        key = before.get(word, known.get(word, ""))
        if key in keys and key not in found.values():
            found[str(place)] = key
    return found


def checked(importer: Importer, headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """A mapping as it is stored. Raises `Invalid` naming columns that are missing or taken twice."""
    columns = {column.key: column for column in importer.all_columns()}
    places = {str(place) for place in range(len(headings))}
    found = {place: key for place, key in mapping.items() if key}
    if set(found) - places or set(found.values()) - set(columns):
        raise Invalid
    twice = {key for key in found.values() if list(found.values()).count(key) > 1}
    if twice:
        labels = ", ".join(str(columns[key].label) for key in sorted(twice))
        raise Invalid(_("Chosen for two columns of the file: %(labels)s. Leave one of them out.") % {"labels": labels})
    missing = [str(column.label) for column in columns.values() if column.required and column.key not in found.values()]
    if missing:
        raise Invalid(_("Choose a column of the file for: %(labels)s.") % {"labels": ", ".join(missing)})
    return found
