"""What conditions may ask about sales."""

from crm.conditions.registry import fields, relations

from .contracts import CONTRACT_FIELDS, CONTRACT_RELATIONS, CUSTOMER_MONEY_FIELDS
from .customers import CUSTOMER_FIELDS
from .leads import LEAD_FIELDS
from .opportunities import DEAL_FIELDS
from .quotes import QUOTE_FIELDS, QUOTE_RELATIONS

fields.register(*CONTRACT_FIELDS, *CUSTOMER_FIELDS, *CUSTOMER_MONEY_FIELDS, *DEAL_FIELDS, *LEAD_FIELDS, *QUOTE_FIELDS)
relations.register(*CONTRACT_RELATIONS, *QUOTE_RELATIONS)
