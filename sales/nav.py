from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("leads", "sales", _("Leads"), "lead", "leads:lead_list", "leads.view", 20),
    NavItem("board", "sales", _("Pipeline"), "opportunity", "sales:board", "opportunities.view", 20),
    # The board's own switch leads to the list and back.
    NavItem("opportunities", "sales", _("Opportunities"), "list", "sales:opportunity_list", "opportunities.view", 25,
            under="board"),
    NavItem("forecast", "sales", _("Forecast"), "trend_up", "planning:forecast", "opportunities.view", 30),
    NavItem("funnel", "sales", _("Funnel"), "filter", "planning:funnel", "opportunities.view", 32, under="forecast"),
    NavItem("quotes", "sales", _("Quotes"), "quote", "quotes:quote_list", "quotes.view", 40),
    NavItem("list_prices", "sales", _("List prices"), "tag", "prices:list_price_list", "quotes.view", 45,
            under="quotes"),
    NavItem("contracts", "sales", _("Contracts"), "contract", "contracts:contract_list", "contracts.view", 42),
    NavItem("payments_due", "sales", _("Payments due"), "calendar", "contracts:instalment_list", "payments.view", 43),
    NavItem("payments", "sales", _("Payments"), "payment", "contracts:payment_list", "payments.view", 44,
            under="payments_due"),
)  # fmt: skip
nav.register(
    NavItem("customer_pool", "sales", _("Customer pool"), "lead", "pools:customer_list", "leads.claim", 14,
            under="customers"),
)  # fmt: skip
