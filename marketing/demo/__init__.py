"""Marketing's demo data."""

from crm.core.sockets import DemoStep, demo

from .landing import make_landing_pages

demo.register(DemoStep("marketing.landing", "Landing pages", make_landing_pages, order=64))
