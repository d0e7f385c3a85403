"""The usual hand-over: records with an `owner`, given to a colleague by a verb, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .actor import Actor
from .errors import Conflict
from .sockets import Handover, Text


def owned(
    key: str, label: Text, model: Any, held: Callable[[Any], Any], give: Callable[[Actor, Any, Any], Any], *, order: int
) -> Handover:
    """What a leaver owns of a model, as far as the actor sees it.

    held(rows): what of the leaver's rows goes on. give(actor, row, to): the verb that makes a colleague the owner. A
    row that found another owner meanwhile stays there when the hand-over is undone: `Conflict`.
    """

    def rows(actor: Actor, user: Any) -> Any:
        return held(model.objects.visible_to(actor).filter(owner=user))

    def move(actor: Actor, row: Any, to: Any) -> dict[str, Any]:
        give(actor, row, to)
        return {"to": to.pk}

    def undo(actor: Actor, user: Any, row_id: int, memory: dict[str, Any]) -> None:
        row = model.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
        if row is None:
            raise Conflict
        give(actor, row, user)

    return Handover(key, label, rows, move, undo, order=order)
