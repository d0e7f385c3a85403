"""What sales puts beside other records."""

from crm.core.sockets import panels

from .leads import LEAD_PANELS
from .opportunities import DEAL_PANELS
from .quotes import QUOTE_PANELS

panels.register(*DEAL_PANELS, *LEAD_PANELS, *QUOTE_PANELS)
