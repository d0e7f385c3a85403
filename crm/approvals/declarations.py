"""The socket of approvals: what may need consent. Fill `<app>/approvals.py`.

approvables.register(Approvable("quote", "quotes.view", snapshot=…, on_approved="sales.actions.quotes.…", …))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Text, kinds


def _no_anchors(record: Any) -> Iterable[models.Model | None]:
    return ()


@dataclass(frozen=True, slots=True)
class Approvable:
    """A kind of record that may need consent. key: its Kind key.

    permission: opens the record. snapshot(record): JSON of everything that is approved; a record that gives another
    one is not covered by the approval. describe(snapshot): (label, value) pairs that an approver reads before
    deciding, also one who may not open the record. on_approved, on_rejected: dotted names of actions called as
    `action(actor=…, record=…)` in the transaction of the last decision; on_rejected also runs after a withdrawal.
    anchors(record): further records whose timeline tells of it.
    """

    key: str
    permission: str
    snapshot: Callable[[Any], dict[str, Any]]
    describe: Callable[[dict[str, Any]], list[tuple[Text, Any]]]
    on_approved: str
    on_rejected: str
    anchors: Callable[[Any], Iterable[models.Model | None]] = _no_anchors

    @property
    def model(self) -> Any:
        return apps.get_model(kinds[self.key].model)

    def visible(self, actor: Actor, object_id: int) -> Any:
        """The record where the actor may open it, else None."""
        if self.permission and not actor.can(self.permission):
            return None
        return self.model._default_manager.all().visible_to(actor).filter(pk=object_id).first()

    def approved(self, actor: Actor, record: Any) -> None:
        import_string(self.on_approved)(actor=actor, record=record)

    def rejected(self, actor: Actor, record: Any) -> None:
        import_string(self.on_rejected)(actor=actor, record=record)


approvables: Registry[Approvable] = Registry("approvables")
ALL_REGISTRIES.append(approvables)


def of_code(code: int) -> Approvable | None:
    """The declaration of a stored kind, None when its app is gone."""
    kind = kinds.by_code(code)
    return approvables.get(kind.key) if kind else None
