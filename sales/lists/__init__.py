"""The lists of sales."""

from crm.ui.lists import lists

from .contracts import CONTRACT_LISTS
from .customer_pools import CUSTOMER_POOL_LISTS
from .lead_desk import LEAD_DESK_LISTS
from .leads import LEAD_LISTS
from .opportunities import DEAL_LISTS
from .payments import MONEY_LISTS
from .pipelines import PIPELINE_LISTS
from .prices import PRICE_LISTS
from .quotes import QUOTE_LISTS

lists.register(*CONTRACT_LISTS, *MONEY_LISTS, *CUSTOMER_POOL_LISTS)
lists.register(*DEAL_LISTS, *LEAD_LISTS, *LEAD_DESK_LISTS, *QUOTE_LISTS, *PRICE_LISTS, *PIPELINE_LISTS)
