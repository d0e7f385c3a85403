"""What workers do with journeys, every few seconds and every few minutes. A restored copy does nothing."""

from __future__ import annotations

import time

from crm.core.actor import Actor
from crm.core.installation import sends

from ..actions.journeys import close_journey
from ..actions.sending import settle
from ..choices.campaigns import CampaignKind, RecipientState
from ..choices.journeys import MOVING, EnrolmentState, JourneyState
from ..models import Campaign, Journey, JourneyVersion, Recipient
from .starts import follow_dates, follow_segments
from .walking import check_rules, has_rules, walk_batch

SLICE_SECONDS = 20.0
_ACTOR = Actor.system("journeys")


def advance_journeys() -> int:
    """Lets people in, moves those who are due, and notes which mails left. Returns the rows it did."""
    if not sends():
        return 0
    deadline, done = time.monotonic() + SLICE_SECONDS, follow_segments() + follow_dates()
    while time.monotonic() < deadline:
        moved = walk_batch()
        done += moved
        if not moved:
            break
    on_its_way = Recipient.objects.filter(state=RecipientState.QUEUED).values("campaign")
    for pk in (
        Campaign.objects.filter(kind=CampaignKind.STEP, pk__in=on_its_way).order_by("pk").values_list("pk", flat=True)
    ):
        done += settle(actor=_ACTOR, campaign_id=pk)
    return done


def look_at_rules() -> int:
    """Those who wait and reached the goal meanwhile, or are to leave; then journeys that have run out."""
    if not sends():
        return 0
    versions = JourneyVersion.objects.filter(journey__state__in=MOVING, enrolments__state=EnrolmentState.INSIDE)
    done = 0
    for version in versions.select_related("journey__owner", "journey__brand").distinct().order_by("pk"):
        if has_rules(version):
            done += check_rules(version)
    return done + close_empty()


def close_empty() -> int:
    """Ends the journeys that take nobody in any more and in which nobody is left."""
    rows = Journey.objects.filter(state=JourneyState.RUNNING_OUT).order_by("pk")
    return sum(close_journey(actor=_ACTOR, record=row) for row in rows)
