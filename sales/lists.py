from crm.ui.lists import lists

from .lead_desk_lists import LEAD_DESK_LISTS
from .lead_lists import LEAD_LISTS

lists.register(*LEAD_LISTS, *LEAD_DESK_LISTS)
