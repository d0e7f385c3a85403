"""What a staff page asks every half minute in one cheap request: counts, the bell, presence, staleness.

An upper app registers a `PulseSource` in its `shell.py`. A page watches a source by carrying
`data-pulse="key"` or `data-pulse="key:argument"`; `read` answers with a small JSON value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.core import sockets
from crm.core.actor import Actor
from crm.core.registry import Registry

#: Watched keys in one request at most; a page has a handful.
MAX_WATCHED = 12
#: How long a navigation count may be old, so that many tabs cost one query.
COUNT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class PulseSource:
    """read(actor, argument) → number, text or None; must be cheap: an indexed count or a cached value."""

    key: str
    read: Callable[[Actor, str], Any]
    permission: str = ""
    order: int = 50


pulse_sources: Registry[PulseSource] = Registry("pulse sources")
sockets.ALL_REGISTRIES.append(pulse_sources)

_counts: dict[tuple[int | None, str], tuple[float, int | None]] = {}


def nav_counts(actor: Actor) -> dict[str, int]:
    """Open work behind each rail entry, at most `COUNT_SECONDS` old; zero and None are left out."""
    found: dict[str, int] = {}
    now = time.monotonic()
    if len(_counts) > 5000:
        _counts.clear()
    for item in sockets.nav:
        if item.count is None or (item.permission and not actor.can(item.permission)):
            continue
        key = (actor.id, item.key)
        stored = _counts.get(key)
        if stored is None or now - stored[0] > COUNT_SECONDS:
            stored = _counts[key] = (now, item.count(actor))
        if stored[1]:
            found[item.key] = stored[1]
    return found


def read(actor: Actor, watched: list[str]) -> dict[str, Any]:
    """Values for the watched keys that exist and that the actor may see."""
    values: dict[str, Any] = {}
    for name in watched[:MAX_WATCHED]:
        key, _colon, argument = name.partition(":")
        source = pulse_sources.offered(key)
        if source is not None and (not source.permission or actor.can(source.permission)):
            values[name] = source.read(actor, argument)
    return values
