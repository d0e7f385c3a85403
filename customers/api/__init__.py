"""Customers, their people, what they buy and own, in the API."""

from crm.integrations.rest.registry import resources

from .orders import Orders, Shipments
from .people import Contacts, Customers
from .talks import Interactions
from .things import Devices, Products

resources.register(Customers, Contacts, Interactions, Products, Orders, Shipments, Devices)
