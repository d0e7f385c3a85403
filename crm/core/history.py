"""Field-level audit: database triggers keep a snapshot of every change of a named list of models.

Whoever changed something is known from the `pghistory.context` that `audited` opens around a verb.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pghistory

from .actor import Actor

#: Changed by every save, so they would say nothing.
_VOLATILE = ("created_at", "updated_at", "sort_key", "search_key")


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[Any], Any]:
    """A class decorator: inserts, changes and deletions of the model are kept, one statement-level trigger each.

    exclude: fields that are secret or change too often, besides moments and name keys.
    """

    def decorate(model: Any) -> Any:
        names = {field.name for field in model._meta.fields}
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=[name for name in (*_VOLATILE, *exclude) if name in names],
            level=pghistory.Statement,
        )(model)

    return decorate


def audited(actor: Actor) -> AbstractContextManager[Any]:
    """Names the actor on every snapshot taken inside; gives the context, whose `id` joins them to an activity."""
    return pghistory.context(actor_kind=int(actor.kind), actor_id=actor.id, actor=actor.label)
