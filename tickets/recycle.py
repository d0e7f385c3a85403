"""Tickets in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_ticket, restore_ticket
from .selectors import deleted_tickets

recyclables.register(
    Recyclable(
        "ticket",
        "tickets.delete",
        deleted_tickets,
        restore=lambda actor, record: restore_ticket(actor=actor, ticket=record),
        erase=lambda actor, record: erase_ticket(actor=actor, ticket=record),
        order=10,
    )
)
