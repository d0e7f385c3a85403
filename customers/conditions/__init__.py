"""What conditions may ask about customers."""

from crm.conditions.registry import fields

from ..segmenting.fields import SEGMENTS_FIELD
from .belongings import BELONGINGS
from .customers import CUSTOMER_FIELDS
from .levels import LEVEL_FIELDS

fields.register(*CUSTOMER_FIELDS, *BELONGINGS, *LEVEL_FIELDS, SEGMENTS_FIELD)
