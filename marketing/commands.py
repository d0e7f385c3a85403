from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Command, commands

commands.register(
    Command(
        "campaign_new", _("New campaign"), "campaign", "marketing:campaign_create", "campaigns.create",
        keywords=_("mailing newsletter event"), create=True, order=45,
    ),
)  # fmt: skip
commands.register(
    Command(
        "journey_new", _("New journey"), "journey", "journeys:journey_create", "journeys.create",
        keywords=_("automation workflow steps"), create=True, order=47,
    ),
)  # fmt: skip
commands.register(
    Command(
        "landing_page_new", _("New landing page"), "brand", "landingpages:page_create", "landing.create",
        keywords=_("form website visitors"), create=True, order=46,
    ),
)  # fmt: skip
