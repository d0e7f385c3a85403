"""Sales' demo data."""

from crm.core.sockets import DemoStep, demo

from .demo_data.leads import make_leads

demo.register(DemoStep("sales.leads", "Leads", make_leads, order=47))
