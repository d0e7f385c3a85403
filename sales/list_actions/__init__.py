"""What can be done with many rows at once."""

from crm.ui.lists import bulk_actions

from .leads import LEAD_BULK
from .opportunities import DEAL_BULK
from .prices import PRICE_BULK

bulk_actions.register(*DEAL_BULK, *LEAD_BULK, *PRICE_BULK)
