"""Campaigns and journeys that need a segment."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.segmenting.uses import SegmentUser, naming, segment_users

from .choices.campaigns import UNDER_WAY, CampaignState
from .choices.journeys import STARTED, JourneyState, VersionState
from .models import Campaign, Journey, JourneyVersion, Step


def campaigns_with(segment_id: int) -> object:
    """Those that did not start yet, and would get another audience without it."""
    waiting = Q(state__in=[CampaignState.DRAFT, CampaignState.APPROVAL, *UNDER_WAY])
    named = Q(segments=segment_id) | Q(excluded=segment_id)
    return Campaign.objects.filter(waiting & named).order_by("sort_key", "pk").distinct()


segment_users.register(SegmentUser("campaigns", _("Campaigns"), campaigns_with, order=20))  # type: ignore[arg-type]


def journeys_with(segment_id: int) -> object:
    """Those that are not over, and whose live version or draft names it: at the start, in a rule or in a branch."""
    current = [VersionState.LIVE, VersionState.DRAFT]
    versions = JourneyVersion.objects.filter(state__in=current)
    named = [versions.filter(segment=segment_id).values("journey")]
    named += [naming(versions, rule, segment_id).values("journey") for rule in ("condition", "goal_rule", "exit_rule")]
    steps = Step.objects.filter(version__state__in=current)
    named.append(naming(steps, "condition", segment_id).values("version__journey"))
    needs = reduce(or_, (Q(pk__in=found) for found in named))
    rows = Journey.objects.filter(needs, state__in=[JourneyState.DRAFT, *STARTED])
    return rows.order_by("sort_key", "pk")


segment_users.register(SegmentUser("journeys", _("Journeys"), journeys_with, order=30))  # type: ignore[arg-type]
