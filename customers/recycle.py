"""Customers in the recycle bin."""

from crm.core.sockets import Recyclable, recyclables

from .actions import erase_customer, restore_customer
from .selectors import deleted_customers

recyclables.register(
    Recyclable(
        "customer",
        "customers.delete",
        deleted_customers,
        restore=lambda actor, record: restore_customer(actor=actor, customer=record),
        erase=lambda actor, record: erase_customer(actor=actor, customer=record),
        order=90,  # after what belongs to customers
    )
)
