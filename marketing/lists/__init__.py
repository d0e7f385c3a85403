"""The lists of marketing."""

from crm.ui.lists import lists

from .campaigns import CAMPAIGN_LISTS
from .landing import LANDING_LISTS
from .suppression import SUPPRESSION_LISTS

lists.register(*CAMPAIGN_LISTS, *LANDING_LISTS, *SUPPRESSION_LISTS)
