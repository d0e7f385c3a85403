from .consents import Consent
from .contacts import Contact, Identity
from .customers import Customer
from .details import Address, BillingTitle, Collaborator
from .interactions import Interaction

__all__ = [
    "Address",
    "BillingTitle",
    "Collaborator",
    "Consent",
    "Contact",
    "Customer",
    "Identity",
    "Interaction",
]
