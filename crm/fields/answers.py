"""Asking: which questions of a form are shown and required, decided by the one condition language.

A question's condition is a tree over the other answers of the same form (`answers.<key>`), written with
`ConditionFormField(on=ANSWERS, catalogue=catalogue_of(fields))`. static/js/questions.js shows and hides in the
browser by the same trees; without it all questions are shown, and the server decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from crm.conditions.language import parse
from crm.conditions.registry import Catalogue, Field
from crm.core.actor import Actor
from crm.core.errors import Invalid

from .choices import TEXT_TYPES, FieldType
from .models import CustomField
from .values import from_json

#: What conditions are "on" that ask about the answers of a form.
ANSWERS = "answers"
NEVER, ALWAYS, WHEN = "never", "always", "when"


class Question(Protocol):
    """A field as one form asks it. shown: "always" or "when"; required: "never", "always" or "when".

    condition: a condition tree on `ANSWERS`; it decides whatever says "when". {} holds always.
    """

    @property
    def field(self) -> CustomField: ...
    @property
    def required(self) -> str: ...
    @property
    def shown(self) -> str: ...
    @property
    def condition(self) -> Any: ...


def condition_type(field: CustomField) -> str:
    """The type a condition compares the field's answers as; "" for photos, which are not compared."""
    if field.type in TEXT_TYPES:
        return "text"
    return "" if field.type == FieldType.PHOTO else field.type


def catalogue_of(fields: Sequence[CustomField]) -> Catalogue:
    """What conditions inside one form may ask: its own fields. Evaluated in Python alone."""
    return Catalogue.of(*(_field(entry) for entry in fields if condition_type(entry)))


def is_shown(question: Question, answers: Mapping[str, Any], catalogue: Catalogue) -> bool:
    """Whether the form asks it, given the stored form of the answers before it."""
    return question.shown != WHEN or _holds(question.condition, answers, catalogue, otherwise=True)


def is_required(question: Question, answers: Mapping[str, Any], catalogue: Catalogue) -> bool:
    """Whether an answer is needed once the question is shown."""
    if question.required == WHEN:
        return _holds(question.condition, answers, catalogue, otherwise=False)
    return question.required == ALWAYS


def _holds(tree: Any, answers: Mapping[str, Any], catalogue: Catalogue, *, otherwise: bool) -> bool:
    """A condition that means nothing any more, as its field left the form, gives `otherwise`: nobody is locked out."""
    if not tree:
        return True
    try:
        return parse(tree, ANSWERS, Actor.system(), stored=True, catalogue=catalogue).matches(answers)
    except Invalid:
        return otherwise


def _field(entry: CustomField) -> Field:
    many = entry.type == FieldType.MANY_CHOICE
    return Field(
        f"{ANSWERS}.{entry.key}",
        ANSWERS,
        entry.name,
        condition_type(entry),  # type: ignore[arg-type]
        _not_stored,
        values=(lambda _actor: list(entry.choices(all=True))) if entry.has_options else None,
        many=many,
        python=partial(_answer, entry.type, entry.key),
        order=entry.order,
    )


def _answer(type: str, key: str, answers: Mapping[str, Any]) -> Any:
    return from_json(type, answers.get(key))


def _not_stored() -> Any:
    raise TypeError("the answers of a form are asked in Python; they are no rows yet")
