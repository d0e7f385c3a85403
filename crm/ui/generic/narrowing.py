"""What of a timeline a page shows: which kinds of deeds, whose, and when. All of it stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dateparse import parse_date

from crm.activity.selectors import Narrow
from crm.core import sockets
from crm.core.text import row_id


@dataclass(frozen=True, slots=True)
class Group:
    """Deeds that are looked at together. parts: modules ("tickets") and single types ("customers.talked")."""

    label: Any
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        """How the address names it."""
        return "-".join(self.parts)

    def open_to(self, actor: Any) -> bool:
        """Whether the viewer may read any of it."""
        return any(
            not entry.permission or actor.can(entry.permission)
            for entry in sockets.activity_types
            if _is_part(entry.key, self.parts)
        )


@dataclass(frozen=True)
class Asked:
    """What an address asks of a timeline; what it cannot read it leaves out. until: the last day, whole."""

    show: str = ""
    who: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Asked:
        """From the query of an address: show, who, since, until."""
        return cls(
            show=values.get("show", "") if types_of(values.get("show", "")) else "",
            who=row_id(values.get("who", "")),
            since=_day(values.get("since", "")),
            until=_day(values.get("until", "")),
        )

    @cached_property
    def types(self) -> list[str]:
        return types_of(self.show)

    @property
    def narrow(self) -> Narrow:
        """The person and the moments, in the active time zone."""
        start = timezone.make_aware(dt.datetime.combine(self.since, dt.time())) if self.since else None
        last = self.until + dt.timedelta(days=1) if self.until and self.until < dt.date.max else None
        end = timezone.make_aware(dt.datetime.combine(last, dt.time())) if last else None
        return Narrow(self.who, start, end)

    def query(self, **changes: Any) -> str:
        """The same question as part of an address, with some of it changed."""
        values = {"show": self.show, "who": self.who, "since": self.since, "until": self.until} | changes
        return urlencode({name: value for name, value in values.items() if value})


def types_of(show: str) -> list[str]:
    """The activity types that "tickets-customers.talked" stands for; none for "", which stands for all."""
    parts = tuple(show.split("-")) if show else ()
    return [entry.key for entry in sockets.activity_types if _is_part(entry.key, parts)]


def _is_part(key: str, parts: tuple[str, ...]) -> bool:
    return key in parts or key.split(".")[0] in parts


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None
