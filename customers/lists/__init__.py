"""The lists of customers."""

from crm.ui.lists import list_links, lists

from .customers import CUSTOMER_LIST
from .segments import SEGMENT_LIST, STATIC_LINK
from .trade import TRADE_LISTS
from .wishes import WISH_LIST

lists.register(CUSTOMER_LIST, *TRADE_LISTS, SEGMENT_LIST, WISH_LIST)
list_links.register(STATIC_LINK)
