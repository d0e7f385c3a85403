"""Who may open the addresses of sales."""

from crm.testing.access import TOKEN, Need

from .contract_access import CONTRACTS_TABLE
from .deal_access import DEALS_TABLE
from .lead_access import LEADS_TABLE
from .price_access import PRICES_TABLE
from .quote_access import QUOTES_TABLE

_API = {
    "leads.view": "lead_list lead_detail",
    "leads.assign": "lead_assign",
    "leads.update": "lead_discard lead_convert",
    "opportunities.view": (
        "opportunity_list opportunity_detail stage_list stage_detail lost_reason_list lost_reason_detail"
    ),
    "opportunities.update": "opportunity_move opportunity_win opportunity_lose",
}
API_TABLE: dict[str, Need] = {f"api:{name}": (TOKEN, need) for need, names in _API.items() for name in names.split()}

access_table = {**CONTRACTS_TABLE, **DEALS_TABLE, **LEADS_TABLE, **QUOTES_TABLE, **PRICES_TABLE, **API_TABLE}
