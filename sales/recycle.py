"""Sales in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_lead, restore_lead
from .lead_selectors import deleted_leads

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
