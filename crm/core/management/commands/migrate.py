"""Django's `migrate`, which makes all tables in a third of its time.

While migrations run, Django keeps classes of all models as they were at that point, and for each model that is added
it makes anew those of all models that relate to it, directly or not: with everybody pointing at users, that is every
class for every table. A model that is new needs only its own class: the others learn of it by the relation itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ModelState, ProjectState


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    """In place of `ProjectState.add_model`: the class of the new model alone."""
    key = (model_state.app_label, model_state.name_lower)
    self.models[key] = model_state
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])
        self.apps.clear_cache()


@contextmanager
def new_models_alone() -> Iterator[None]:
    """For as long as migrations run."""
    usual = ProjectState.add_model
    ProjectState.add_model = _add_model  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = usual  # type: ignore[method-assign]


class Command(Migrate):
    """`manage.py migrate`, with the same options."""

    def handle(self, *args: Any, **options: Any) -> None:
        with new_models_alone():
            super().handle(*args, **options)
