"""Sales' lists of rules."""

from crm.ui.rules import rule_lists

from .lead_desk_lists import LEAD_RULE_LISTS

rule_lists.register(*LEAD_RULE_LISTS)
