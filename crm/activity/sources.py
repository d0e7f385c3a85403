"""The socket of timelines: domain rows of a mass verb, which stand where its one activity stands.

A verb on thousands of records writes one activity. What it did to each is a row of its app; the app's source shows
these rows on the records' timelines, at the place of that activity, so that a page is one keyset either way.

    timeline_sources.register(TimelineSource("marketing.sent", "customer", "campaigns.sent", find=…))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from crm.core.actor import Actor
from crm.core.registry import Registry
from crm.core.sockets import ALL_REGISTRIES


@dataclass(frozen=True, slots=True)
class Shown:
    """What a mass verb did to one record. activity_id: of its activity; sentence: in the reader's language."""

    activity_id: int
    sentence: str
    icon: str = "history"
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """Rows of an app on the timeline of another app's record.

    on: the Kind key of the record. type: of the mass verb's activity, whose permission a reader needs.
    find(viewer, subject, before, limit): the newest rows first whose activity is older than `before` (None for the
    newest), one an activity, at most `limit`, among those the viewer may see. Two queries at most.
    """

    key: str
    on: str
    type: str
    find: Callable[[Actor, Model, int | None, int], Sequence[Shown]]


timeline_sources: Registry[TimelineSource] = Registry("timeline sources")
ALL_REGISTRIES.append(timeline_sources)
