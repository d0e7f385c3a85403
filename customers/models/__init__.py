from .consents import Consent
from .contacts import Contact, Identity
from .customers import Customer
from .details import Address, BillingTitle, Collaborator
from .equipment import Concern, Equipment
from .facts import CustomerFacts
from .interactions import Interaction
from .links import Link
from .merges import Merge, PossibleDuplicate
from .orders import Order, OrderLine, Refund, Shipment
from .portal import PortalAccess, PortalCode, PortalSession, PortalSettings
from .products import Product, ProductCategory
from .segments import Segment, SegmentChange, SegmentCheck, SegmentMember

__all__ = [
    "Address",
    "BillingTitle",
    "Collaborator",
    "Concern",
    "Consent",
    "Contact",
    "Customer",
    "CustomerFacts",
    "Equipment",
    "Identity",
    "Interaction",
    "Link",
    "Merge",
    "Order",
    "OrderLine",
    "PortalAccess",
    "PortalCode",
    "PortalSession",
    "PortalSettings",
    "PossibleDuplicate",
    "Product",
    "ProductCategory",
    "Refund",
    "Segment",
    "SegmentChange",
    "SegmentCheck",
    "SegmentMember",
    "Shipment",
]
