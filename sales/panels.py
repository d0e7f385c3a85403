"""What sales puts beside other records."""

from crm.core.sockets import panels

from .deal_panels import DEAL_PANELS
from .lead_panels import LEAD_PANELS

panels.register(*DEAL_PANELS, *LEAD_PANELS)
