"""An action's refusal, shown in the form beside the fields it names."""

from __future__ import annotations

from typing import Any

from crm.core.errors import DomainError, NotAllowed, NotFound


def show_error(form: Any, error: DomainError) -> None:
    """Adds the error's sentences to a bound form. A missing right or record is no form error: it is raised again."""
    if isinstance(error, (NotAllowed, NotFound)):
        raise error
    named = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in named.items():
        form.add_error(name, str(text))
    for name, text in error.fields.items():
        if name not in named:
            form.add_error(None, str(text))
    if not error.fields or str(error.message) != str(type(error).default):
        form.add_error(None, str(error.message))
