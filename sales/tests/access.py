"""Who may open the addresses of sales."""

from .deal_access import DEALS_TABLE
from .lead_access import LEADS_TABLE
from .price_access import PRICES_TABLE
from .quote_access import QUOTES_TABLE

access_table = {**DEALS_TABLE, **LEADS_TABLE, **QUOTES_TABLE, **PRICES_TABLE}
