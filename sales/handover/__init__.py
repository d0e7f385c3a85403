"""What of sales a leaver's colleagues take over."""

from crm.core.sockets import handovers

from .contracts import CONTRACTS
from .leads import LEADS
from .opportunities import DEALS
from .quotes import QUOTES

handovers.register(CONTRACTS, DEALS, LEADS, QUOTES)
