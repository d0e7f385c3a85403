"""What a type asks beyond subject and description: which questions, whether they are answered, what is missing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.fields.choices import FieldType
from crm.fields.forms import PREFIX, Asked, clean_answers
from crm.files.models import Upload

from .choices import Preset, Required
from .models import RequestType, RequestTypeQuestion, Ticket

#: Hidden inputs with the tokens of a question's photos begin so; its key follows.
PHOTOS = "photos_"
#: A link's text is read no further than this.
_MAX_PRESET = 200


def questions_of(request_type: RequestType, *, staff: bool = False) -> list[RequestTypeQuestion]:
    """What the type asks, in order; customers are not asked what is for staff only. One query."""
    rows = request_type.questions.select_related("field").filter(field__is_active=True)
    return list(rows if staff else rows.filter(field__is_staff_only=False))


def questions_for_callers(request_type: RequestType) -> list[RequestTypeQuestion]:
    """What staff ask on behalf of somebody: everything but photos, which nobody can give by word of mouth."""
    return [row for row in questions_of(request_type, staff=True) if row.field.type != FieldType.PHOTO]


def with_labels(form: Any, settled: Container[str] = ()) -> list[tuple[Any, Any]]:
    """A form's questions with their inputs, without those of the keys in `settled`.

    The form itself leaves "required" to the conditions, so that it is set here, for the label alone.
    """
    found = []
    for row in form.questions:
        if row.field.key not in settled:
            form.fields[PREFIX + row.field.key].required = row.required != Required.NEVER
            found.append((row, form[PREFIX + row.field.key]))
    return found


def check_answers(
    request_type: RequestType, answers: Mapping[str, Any], *, staff: bool = False, files: Iterable[str] = ()
) -> dict[str, Any]:
    """The answers as a ticket stores them; what the type does not ask is dropped.

    answers: field key → text or plain JSON value. files: names of the files that came along; a photo that is none of
    them counts for nothing. Raises `Invalid` whose `fields` name each wrong or missing answer as forms name it.
    """
    questions = questions_for_callers(request_type) if staff else questions_of(request_type)
    data, known = dict(answers), set(files)
    for question in questions:
        if question.field.type == FieldType.PHOTO:
            data[question.field.key] = [name for name in _names(data.get(question.field.key)) if name in known]
    found, problems = clean_answers(questions, data)
    if problems:
        raise Invalid(fields={PREFIX + key: texts[0] for key, texts in problems.items()})
    return found


def file_names(form_key: str, tokens: Sequence[str]) -> list[str]:
    """The names of a form's uploads."""
    rows = Upload.objects.visible_to_form(form_key, list(tokens))
    return list(rows.values_list("name", flat=True)) if tokens else []


def missing_questions(ticket: Ticket) -> list[RequestTypeQuestion]:
    """Questions of the ticket's type that must be answered and are not, as after a mail or a change of type."""
    questions = questions_of(ticket.request_type, staff=True)
    problems = clean_answers(questions, ticket.custom)[1]
    return [row for row in questions if row.field.key in problems and row.field.key not in ticket.custom]


def as_letter(questions: Iterable[RequestTypeQuestion], language: str) -> str:
    """The questions as lines of a reply, in the customer's language."""
    with translation.override(language):
        lines = [_("So that we can help you, please tell us:")]
        for row in questions:
            hint = row.field.help.in_language(language)
            options = " / ".join(label.in_language(language) for _value, label in row.field.choices())
            more = " ".join(part for part in (hint, options) if part)
            lines.append(f"- {row.field.name.in_language(language)}{f' ({more})' if more else ''}")
    return "\n".join(lines)


def read_presets(questions: Iterable[RequestTypeQuestion], given: Mapping[str, str]) -> tuple[dict[str, Any], set[str]]:
    """(field key → stored answer, keys that stand fixed) of an address; what would not pass as typed is left out."""
    values: dict[str, Any] = {}
    for row in questions:
        raw = given.get(row.field.key, "")
        if row.preset and raw and row.field.type != FieldType.PHOTO:
            values |= clean_answers([Asked(row.field)], {row.field.key: _preset(row, raw)})[0]
    return values, {row.field.key for row in questions if row.preset == Preset.LOCK and row.field.key in values}


def _preset(row: RequestTypeQuestion, raw: str) -> Any:
    text = raw[:_MAX_PRESET]
    return text.split(",") if row.field.type == FieldType.MANY_CHOICE else text


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [name for name in value if isinstance(name, str)] if isinstance(value, list | tuple) else []
