from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        200, "campaign", "marketing.Campaign", _("Campaign"), _("Campaigns"), "campaign", "marketing:campaign_detail"
    ),
    Kind(
        201, "recipient", "marketing.Recipient", _("Recipient"), _("Recipients"), "person",
    ),
    Kind(
        202, "suppression", "marketing.Suppression", _("Suppressed address"), _("Suppression list"), "off",
        "marketing:suppression_detail",
    ),
    Kind(203, "topic", "marketing.Topic", _("Topic"), _("Topics"), "tag", "marketing:topic_update"),
    Kind(204, "participant", "marketing.Participant", _("Participant"), _("Participants"), "person"),
)  # fmt: skip

kinds.register(
    Kind(230, "journey", "marketing.Journey", _("Journey"), _("Journeys"), "journey", "journeys:journey_detail"),
    Kind(231, "enrolment", "marketing.Enrolment", _("Person in a journey"), _("People in journeys"), "person",
         "journeys:enrolment_detail"),
)  # fmt: skip

kinds.register(
    Kind(210, "landing_page", "marketing.LandingPage", _("Landing page"), _("Landing pages"), "brand",
         "landingpages:page_detail"),
    Kind(211, "landing_submission", "marketing.LandingSubmission", _("Sent form"), _("Sent forms"), "form"),
)  # fmt: skip
