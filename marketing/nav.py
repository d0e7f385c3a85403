from django.utils.translation import gettext_lazy as _

from crm.core.sockets import NavItem, nav

nav.register(
    NavItem("campaigns", "marketing", _("Campaigns"), "campaign", "marketing:campaign_list", "campaigns.view", 20),
    NavItem("suppression", "marketing", _("Suppression list"), "off", "marketing:suppression_list",
            "campaigns.suppress", 60, under="campaigns"),
)  # fmt: skip
nav.register(NavItem("journeys", "marketing", _("Journeys"), "journey", "journeys:journey_list", "journeys.view", 25))
nav.register(
    NavItem("landing_pages", "marketing", _("Landing pages"), "brand", "landingpages:page_list", "landing.view", 30)
)
