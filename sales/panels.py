"""What sales puts beside other records."""

from crm.core.sockets import panels

from .lead_panels import LEAD_PANELS

panels.register(*LEAD_PANELS)
