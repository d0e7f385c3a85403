"""Sales' demo data."""

from crm.core.sockets import DemoStep, demo

from .contracts import make_contracts
from .leads import make_leads
from .opportunities import make_opportunities
from .quotes import make_quotes

demo.register(DemoStep("sales.leads", "Leads", make_leads, order=47))
demo.register(DemoStep("sales.quotes", "Quotes", make_quotes, order=49))
demo.register(DemoStep("sales.opportunities", "Opportunities", make_opportunities, order=60))
demo.register(DemoStep("sales.contracts", "Contracts and payments", make_contracts, order=62))
