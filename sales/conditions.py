"""What conditions may ask about sales."""

from crm.conditions.registry import fields

from .deal_conditions import DEAL_FIELDS
from .lead_conditions import LEAD_FIELDS

fields.register(*DEAL_FIELDS, *LEAD_FIELDS)
