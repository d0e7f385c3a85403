"""From which records a deal is made in one click, and how they say so in an address: "ticket:4711"."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.core.text import row_id

from ..choices.opportunities import OpportunitySource

#: Kind key → what the deal's source becomes. Records other than the customer have a `customer`.
SOURCES = {
    "ticket": OpportunitySource.TICKET,
    "customer": OpportunitySource.CUSTOMER,
    "interaction": OpportunitySource.TALK,
}


def origin_name(record: Model) -> str:
    """The record as an address names it."""
    return f"{kind_of(record).key}:{record.pk}"


def origin_of(viewer: Actor, name: str) -> Model | None:
    """The record of that name in the viewer's set, None for any other text."""
    key, _colon, text = name.partition(":")
    kind, pk = kinds.get(key), row_id(text)
    if kind is None or key not in SOURCES or pk is None:
        return None
    rows = apps.get_model(kind.model)._default_manager.all().visible_to(viewer)  # type: ignore[attr-defined]
    found: Model | None = rows.filter(pk=pk).first()
    return found


def source_of(record: Model) -> str:
    """The source that a deal made from the record has."""
    return SOURCES[kind_of(record).key]
