from .consents import Consent
from .contacts import Contact, Identity
from .credit import Credit
from .customers import Customer
from .details import Address, BillingTitle, Collaborator
from .equipment import Concern, Equipment
from .facts import CustomerFacts
from .interactions import Interaction
from .levels import LevelSettings
from .links import Link
from .merges import Merge, PossibleDuplicate
from .offers import Offer, ProductPair
from .orders import Order, OrderLine, Refund, Shipment
from .portal import PortalAccess, PortalCode, PortalSession, PortalSettings
from .products import Product, ProductCategory
from .segments import Segment, SegmentChange, SegmentCheck, SegmentMember
from .wishes import Wish, WishMatch

__all__ = [
    "Address",
    "BillingTitle",
    "Collaborator",
    "Concern",
    "Consent",
    "Contact",
    "Credit",
    "Customer",
    "CustomerFacts",
    "Equipment",
    "Identity",
    "Interaction",
    "LevelSettings",
    "Link",
    "Merge",
    "Offer",
    "Order",
    "OrderLine",
    "PortalAccess",
    "PortalCode",
    "PortalSession",
    "PortalSettings",
    "PossibleDuplicate",
    "Product",
    "ProductCategory",
    "ProductPair",
    "Refund",
    "Segment",
    "SegmentChange",
    "SegmentCheck",
    "SegmentMember",
    "Shipment",
    "Wish",
    "WishMatch",
]
