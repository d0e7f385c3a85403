"""What of sales a leaver's colleagues take over."""

from crm.core.sockets import handovers

from .deal_handover import DEALS
from .lead_handover import LEADS

handovers.register(DEALS, LEADS)
