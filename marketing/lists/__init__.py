"""The lists of marketing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.ui.lists import ListLink, list_links, lists

from .campaigns import CAMPAIGN_LISTS
from .journeys import JOURNEY_LISTS
from .landing import LANDING_LISTS
from .suppression import SUPPRESSION_LISTS
from .topics import TOPIC_LISTS

lists.register(*CAMPAIGN_LISTS, *JOURNEY_LISTS, *LANDING_LISTS, *SUPPRESSION_LISTS, *TOPIC_LISTS)
list_links.register(
    ListLink(
        "journey_people", "journey", _("People"), "person", lambda: reverse("journeys:enrolment_list"),
        ("journeys.view",),
    )
)  # fmt: skip
list_links.register(
    ListLink(
        "campaign_calendar",
        "campaign",
        _("Calendar"),
        "calendar",
        lambda: reverse("marketing:campaign_calendar"),
        ("campaigns.view",),
    ),
    ListLink(
        "campaign_recipients",
        "campaign",
        _("Recipients"),
        "person",
        lambda: reverse("marketing:recipient_list"),
        ("campaigns.view",),
    ),
    ListLink(
        "campaign_topics",
        "campaign",
        _("Topics"),
        "tag",
        lambda: reverse("marketing:topic_list"),
        ("campaigns.manage",),
    ),
)
