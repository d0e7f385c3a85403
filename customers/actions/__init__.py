from .customers import add_note, create_customer, delete_customer, update_customer
from .people import add_contact, record_consent, update_contact, verify_identity
from .recognition import Recognition, recognise
from .recycling import erase_customer, restore_customer

__all__ = [
    "Recognition",
    "add_contact",
    "add_note",
    "create_customer",
    "delete_customer",
    "erase_customer",
    "recognise",
    "record_consent",
    "restore_customer",
    "update_contact",
    "update_customer",
    "verify_identity",
]
