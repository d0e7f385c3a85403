"""Sales' demo data."""

from crm.core.sockets import DemoStep, demo

from .leads import make_leads
from .opportunities import make_opportunities
from .quotes import make_quotes

demo.register(DemoStep("sales.leads", "Leads", make_leads, order=47))
demo.register(DemoStep("sales.quotes", "Quotes", make_quotes, order=49))
demo.register(DemoStep("sales.opportunities", "Opportunities", make_opportunities, order=60))
