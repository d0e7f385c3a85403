"""Who may open the addresses of sales."""

from .lead_access import LEADS_TABLE

access_table = {**LEADS_TABLE}
