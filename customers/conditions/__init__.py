"""What conditions may ask about customers."""

from crm.conditions.registry import fields

from ..segmenting.fields import SEGMENTS_FIELD
from .belongings import BELONGINGS
from .customers import CUSTOMER_FIELDS

fields.register(*CUSTOMER_FIELDS, *BELONGINGS, SEGMENTS_FIELD)
