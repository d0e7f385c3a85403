"""Campaigns that need a segment."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.segmenting.uses import SegmentUser, segment_users

from .choices.campaigns import UNDER_WAY, CampaignState
from .models import Campaign


def campaigns_with(segment_id: int) -> object:
    """Those that did not start yet, and would get another audience without it."""
    waiting = Q(state__in=[CampaignState.DRAFT, CampaignState.APPROVAL, *UNDER_WAY])
    named = Q(segments=segment_id) | Q(excluded=segment_id)
    return Campaign.objects.filter(waiting & named).order_by("sort_key", "pk").distinct()


segment_users.register(SegmentUser("campaigns", _("Campaigns"), campaigns_with, order=20))  # type: ignore[arg-type]
