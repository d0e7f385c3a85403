"""What of sales a leaver's colleagues take over."""

from crm.core.sockets import handovers

from .lead_handover import LEADS

handovers.register(LEADS)
