"""What may be found: a room declares its records in `search.py`, and the index fills itself from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.activity.models import Activity
from crm.activity.selectors import models_of
from crm.core.actor import Actor
from crm.core.querysets import BaseQuerySet
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES, Kind, kinds


@dataclass(frozen=True, slots=True)
class Document:
    """A record as the index reads it. number: as people write it. names: of people and companies, in any script.

    body: its texts, newest first; the index reads the first 150,000 characters. at: when something last happened.
    """

    id: int
    title: str
    number: str
    at: dt.datetime
    names: Sequence[str] = ()
    mails: Sequence[str] = ()
    phones: Sequence[str] = ()
    body: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A kind of record that search finds. key: of its `Kind`; label: of many.

    rows(ids): the documents of those that still exist. visible(actor): the queryset a hit must be in.
    stale_on: activity types after which touched(activity) names the ids to read again.
    number_prefix: letters before the number, lower case, which people may leave out.
    addresses: the right to see mail addresses and phone numbers; without it they are found only when typed
    whole, and never shown.
    """

    key: str
    label: Any
    permission: str
    rows: Callable[[Sequence[int]], Iterable[Document]]
    visible: Callable[[Actor], BaseQuerySet]
    url: Callable[[Document], str]
    stale_on: Sequence[str]
    touched: Callable[[Activity], Iterable[int]]
    number_prefix: str = ""
    addresses: str = ""
    order: int = 50

    @property
    def kind(self) -> Kind:
        return kinds[self.key]

    @property
    def model(self) -> Any:
        """The model whose default manager holds what may be found."""
        return models_of(self.kind.model)


search_documents: Registry[SearchDocument] = Registry("search documents", survives=True)
ALL_REGISTRIES.append(search_documents)
