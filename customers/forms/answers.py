"""The custom fields of a record behind a form's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crm.fields.forms import Asked, CustomFieldsMixin
from crm.fields.records import editable


class WithAnswers(CustomFieldsMixin):
    """Asks the custom fields of a kind. answers_of: its Kind key. present: what is stored, else the instance's."""

    answers_of: ClassVar[str]

    def __init__(self, *args: Any, present: Mapping[str, Any] | None = None, **kwargs: Any):
        stored = present if present is not None else getattr(kwargs.get("instance"), "custom", {})
        questions = [Asked(entry) for entry in editable(self.answers_of)]
        super().__init__(*args, questions=questions, present=stored, **kwargs)
