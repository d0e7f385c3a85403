"""What of sales a leaver's colleagues take over."""

from crm.core.sockets import handovers

from .leads import LEADS
from .owned import OWNED

handovers.register(LEADS, *OWNED)
