from .customers import add_note, create_customer, delete_customer, update_customer
from .details import remove_detail, save_address, save_billing_title, set_collaborators
from .interactions import log_interaction
from .people import add_contact, record_consent, set_consents, update_contact, verify_identity
from .recognition import Recognition, recognise
from .recycling import erase_customer, restore_customer

__all__ = [
    "Recognition",
    "add_contact",
    "add_note",
    "create_customer",
    "delete_customer",
    "erase_customer",
    "log_interaction",
    "recognise",
    "record_consent",
    "remove_detail",
    "restore_customer",
    "save_address",
    "save_billing_title",
    "set_collaborators",
    "set_consents",
    "update_contact",
    "update_customer",
    "verify_identity",
]
