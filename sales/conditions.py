"""What conditions may ask about sales."""

from crm.conditions.registry import fields

from .lead_conditions import LEAD_FIELDS

fields.register(*LEAD_FIELDS)
