"""Marketing's demo data."""

from crm.core.sockets import DemoStep, demo

from .campaigns import make_campaigns, place_campaigns
from .journeys import make_journeys, place_journeys
from .landing import make_landing_pages

demo.register(DemoStep("marketing.campaigns", "Campaigns", make_campaigns, order=80))
demo.register(DemoStep("marketing.places", "Campaigns on timelines", place_campaigns, order=92))
demo.register(DemoStep("marketing.journeys", "Journeys", make_journeys, order=82))
demo.register(DemoStep("marketing.journey_places", "Journeys on timelines", place_journeys, order=93))
demo.register(DemoStep("marketing.landing", "Landing pages", make_landing_pages, order=64))
