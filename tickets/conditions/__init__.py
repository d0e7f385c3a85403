"""What conditions may ask about tickets, and about customers from their tickets."""

from crm.conditions.registry import Relation, fields, relations

from .customers import CUSTOMER_FIELDS
from .tickets import TICKET_FIELDS

fields.register(*TICKET_FIELDS, *CUSTOMER_FIELDS)
relations.register(Relation("ticket.customer", "ticket", "customer", "customer_id"))
