from .consents import Consent
from .contacts import Contact, Identity
from .customers import Customer

__all__ = ["Consent", "Contact", "Customer", "Identity"]
