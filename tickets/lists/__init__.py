"""The lists of tickets and of the service desk's settings."""

from crm.ui.lists import lists

from .desk import DESK_LISTS
from .tickets import TICKET_LIST

lists.register(TICKET_LIST, *DESK_LISTS)
