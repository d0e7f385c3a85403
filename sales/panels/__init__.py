"""What sales puts beside other records."""

from crm.core.sockets import panels

from .contracts import CONTRACT_PANELS
from .customer_pools import CUSTOMER_POOL_PANELS
from .leads import LEAD_PANELS
from .opportunities import DEAL_PANELS
from .quotes import QUOTE_PANELS
from .talks import TALK_PANELS

panels.register(*CUSTOMER_POOL_PANELS, *CONTRACT_PANELS, *DEAL_PANELS, *LEAD_PANELS, *QUOTE_PANELS, *TALK_PANELS)
