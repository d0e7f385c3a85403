"""Sales in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_lead, erase_opportunity, restore_lead, restore_opportunity
from .actions.contract_bin import erase_contract, restore_contract
from .selectors.contracts import deleted_contracts
from .selectors.leads import deleted_leads
from .selectors.opportunities import deleted_opportunities

recyclables.register(
    Recyclable(
        "lead",
        "leads.delete",
        deleted_leads,
        restore=lambda actor, record: restore_lead(actor=actor, lead=record),
        erase=lambda actor, record: erase_lead(actor=actor, lead=record),
        order=30,
    )
)
recyclables.register(
    Recyclable(
        "contract",
        "contracts.delete",
        deleted_contracts,
        restore=lambda actor, record: restore_contract(actor=actor, contract=record),
        erase=lambda actor, record: erase_contract(actor=actor, contract=record),
        order=45,
    )
)
recyclables.register(
    Recyclable(
        "opportunity",
        "opportunities.delete",
        deleted_opportunities,
        restore=lambda actor, record: restore_opportunity(actor=actor, opportunity=record),
        erase=lambda actor, record: erase_opportunity(actor=actor, opportunity=record),
        order=40,
    )
)
