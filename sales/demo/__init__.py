"""Sales' demo data."""

from crm.core.sockets import DemoStep, demo

from .contracts import make_contracts
from .customer_pools import make_customer_pool
from .imports import make_import
from .leads import make_leads
from .meetings import make_meetings
from .opportunities import make_opportunities
from .planning import make_planning
from .prices import make_price_lists
from .quotes import make_quotes

demo.register(DemoStep("sales.leads", "Leads", make_leads, order=47))
demo.register(DemoStep("sales.quotes", "Quotes", make_quotes, order=49))
demo.register(DemoStep("sales.opportunities", "Opportunities", make_opportunities, order=60))
demo.register(DemoStep("sales.contracts", "Contracts and payments", make_contracts, order=62))
demo.register(DemoStep("sales.prices", "Price lists", make_price_lists, order=48))
demo.register(DemoStep("sales.planning", "Targets and forecasts", make_planning, order=63))
demo.register(DemoStep("sales.meetings", "Meetings", make_meetings, order=64))
demo.register(DemoStep("sales.customer_pools", "Customers in pools", make_customer_pool, order=65))
demo.register(DemoStep("sales.imports", "Lead imports", make_import, order=66))
