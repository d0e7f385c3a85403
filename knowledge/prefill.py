"""An article that begins with a record of an upper app: the app says what of it makes title and text.

A registry of this room: an upper app registers in its `article_sources.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES
from crm.core.text import row_id


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an article starts with. body: Markdown. record: what it is written from."""

    record: Any
    title: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """key: of the `Kind`. begin(actor, id): the beginning, None for a record outside the actor's set."""

    key: str
    begin: Callable[[Actor, int], Beginning | None]


article_sources: Registry[ArticleSource] = Registry("article sources", survives=True)
ALL_REGISTRIES.append(article_sources)


def source_of(actor: Actor, about: str) -> Beginning | None:
    """What "kind:id" gives, None for "". Raises `NotFound` for what the actor may not see."""
    if not about:
        return None
    kind, _colon, number = about.partition(":")
    declared, pk = article_sources.get(kind), row_id(number)
    found = declared.begin(actor, pk) if declared is not None and pk is not None else None
    if found is None:
        raise NotFound
    return found
