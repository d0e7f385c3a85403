"""Quotes and contracts may need somebody's consent before they go out."""

from crm.approvals.declarations import Approvable, approvables

from .paying.snapshot import describe as describe_contract
from .paying.snapshot import snapshot as snapshot_contract
from .quoting.snapshot import describe, for_approval

approvables.register(
    Approvable(
        "quote",
        "quotes.view",
        snapshot=for_approval,
        describe=describe,
        on_approved="sales.actions.approving.approve",
        on_rejected="sales.actions.approving.reopen",
        anchors=lambda quote: [quote.customer, quote.opportunity],
    ),
    Approvable(
        "contract",
        "contracts.view",
        snapshot=snapshot_contract,
        describe=describe_contract,
        on_approved="sales.actions.approving.approve",
        on_rejected="sales.actions.approving.reopen",
        anchors=lambda contract: [contract.customer, contract.opportunity],
    ),
)
