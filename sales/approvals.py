"""Quotes may need somebody's consent before they go out."""

from crm.approvals.declarations import Approvable, approvables

from .quoting.snapshot import describe, snapshot

approvables.register(
    Approvable(
        "quote",
        "quotes.view",
        snapshot=snapshot,
        describe=describe,
        on_approved="sales.actions.quotes.approve_quote",
        on_rejected="sales.actions.quotes.reopen_quote",
        anchors=lambda quote: [quote.customer, quote.opportunity],
    )
)
