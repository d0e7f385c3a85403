"""What follows a decision on a quote or contract. Called by the approvals, which have locked the record."""

from __future__ import annotations

from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Contract, Quote

#: The states that both go through, by their stored names.
_DRAFT, _ASKED, _AGREED = "draft", "in_approval", "approved"


@action()
def approve(*, actor: Actor, record: Quote | Contract) -> None:
    """After the last consent: it may go out."""
    _settle(record, _AGREED)


@action()
def reopen(*, actor: Actor, record: Quote | Contract) -> None:
    """After a refusal or withdrawal: a draft again."""
    _settle(record, _DRAFT)


def _settle(record: Quote | Contract, state: str) -> None:
    if record.state == _ASKED:
        record.state = state
        record.save(update_fields=["state"])
