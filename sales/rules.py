"""Sales' lists of rules."""

from crm.ui.rules import rule_lists

from .lists.lead_desk import LEAD_RULE_LISTS
from .lists.pipelines import PIPELINE_RULES
from .lists.prices import PRICE_RULES

rule_lists.register(*LEAD_RULE_LISTS, *PRICE_RULES, *PIPELINE_RULES)
