"""What an app says about a record's page: the facts it shows and the verbs it offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crm.core.actor import Actor
from crm.core.sockets import Text

from .generic import cells
from .lists import Viewer


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value. value: an attribute path or a cell (`value(record, viewer)`), by default the key's path."""

    key: str
    label: Text
    value: str | Callable[[Any, Viewer], Any] = ""
    permission: str = ""

    def read(self, record: Any, viewer: Viewer) -> Any:
        """The value as it is drawn."""
        if callable(self.value):
            return self.value(record, viewer)
        return cells.read(record, self.value or self.key)

    def shown_to(self, actor: Actor) -> bool:
        return not self.permission or actor.can(self.permission)


@dataclass(frozen=True, slots=True)
class Verb:
    """A button at the head of a record. post: acts at once by POST; else the link opens the verb's page.

    url_name takes the record's lookup value. when: `when(record)`, whether its state admits the verb.
    """

    label: Text
    url_name: str
    icon: str = "edit"
    permission: str = ""
    post: bool = False
    primary: bool = False
    danger: bool = False
    when: Callable[[Any], bool] | None = None

    def offered(self, record: Any, actor: Actor) -> bool:
        """Whether the actor may use it now."""
        return (not self.permission or actor.can(self.permission)) and (self.when is None or self.when(record))

    def url(self, value: Any) -> str:
        return reverse(self.url_name, args=[value])
