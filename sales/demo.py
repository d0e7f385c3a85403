"""Sales' demo data."""

from crm.core.sockets import DemoStep, demo

from .deal_demo import make_opportunities
from .demo_data.leads import make_leads

demo.register(DemoStep("sales.leads", "Leads", make_leads, order=47))
demo.register(DemoStep("sales.opportunities", "Opportunities", make_opportunities, order=60))
