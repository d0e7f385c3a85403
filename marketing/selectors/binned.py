"""What of marketing lies in the recycle bin."""

from __future__ import annotations

from crm.core.actor import Actor
from crm.core.models import BINNED

from ..models import Campaign, Journey, LandingPage
from ..querysets.campaigns import CampaignQuerySet
from ..querysets.journeys import JourneyQuerySet
from ..querysets.landing import LandingPageQuerySet


def deleted_campaigns(viewer: Actor) -> CampaignQuerySet:
    """Campaigns of the bin in the viewer's set."""
    return CampaignQuerySet(Campaign).filter(BINNED).visible_to(viewer)


def deleted_journeys(viewer: Actor) -> JourneyQuerySet:
    """Journeys of the bin in the viewer's set."""
    return JourneyQuerySet(Journey).filter(BINNED).visible_to(viewer)


def deleted_pages(viewer: Actor) -> LandingPageQuerySet:
    """Landing pages of the bin in the viewer's set."""
    return LandingPageQuerySet(LandingPage).filter(BINNED).visible_to(viewer)
