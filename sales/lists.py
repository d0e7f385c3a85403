from crm.ui.lists import lists

from .deal_lists import DEAL_LISTS
from .lead_desk_lists import LEAD_DESK_LISTS
from .lead_lists import LEAD_LISTS

lists.register(*DEAL_LISTS, *LEAD_LISTS, *LEAD_DESK_LISTS)
