"""What can be done with many rows at once."""

from crm.ui.lists import bulk_actions

from .customer_pools import CUSTOMER_POOL_BULK
from .leads import LEAD_BULK
from .opportunities import DEAL_BULK
from .prices import PRICE_BULK

bulk_actions.register(*CUSTOMER_POOL_BULK, *DEAL_BULK, *LEAD_BULK, *PRICE_BULK)
