"""From which records a deal is made in one click."""

from __future__ import annotations

from django.db.models import Model

from crm.activity.recording import kind_of

from ..choices.opportunities import OpportunitySource

#: Kind key → what the deal's source becomes. Records other than the customer have a `customer`.
SOURCES = {
    "ticket": OpportunitySource.TICKET,
    "customer": OpportunitySource.CUSTOMER,
    "interaction": OpportunitySource.TALK,
}


def source_of(record: Model) -> str:
    """The source that a deal made from the record has."""
    return SOURCES[kind_of(record).key]
