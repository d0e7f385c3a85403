"""What workers do with campaigns: one step after the other, for a slice of time."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.db.models import Exists, OuterRef, Q

from crm.core import clock
from crm.core.actor import Actor
from crm.core.installation import sends

from .actions.sending import begin, send_batch, settle
from .choices.campaigns import CampaignKind, CampaignState
from .models import Campaign, Recipient

logger = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
#: For how long after sending a mail may still come back.
FOLLOWED_DAYS = 14
_ACTOR = Actor.system("campaigns")


def advance(campaign_id: int) -> int:
    """Takes a campaign as far as it goes now. Returns the rows it settled. A restored copy sends nothing."""
    if not sends():
        return 0
    begin(actor=_ACTOR, campaign_id=campaign_id)
    deadline, done = time.monotonic() + SLICE_SECONDS, 0
    while True:
        settle(actor=_ACTOR, campaign_id=campaign_id)
        batch = send_batch(actor=_ACTOR, campaign_id=campaign_id)
        done += batch
        if not batch or time.monotonic() > deadline:
            return done


def advance_due() -> int:
    """Every campaign whose time has come or that is being sent. Raises the last failure once all had their turn."""
    ids = list(Campaign.objects.due(clock.database_now()).order_by("send_at", "pk").values_list("pk", flat=True)[:50])
    done, failure = 0, None
    for pk in ids:
        try:
            done += advance(pk)
        except Exception as error:  # one campaign's trouble keeps no other from going out
            logger.exception("campaign %s could not go on", pk)
            failure = error
    if failure is not None:
        raise failure
    return done


def settle_sent() -> int:
    """What servers say of mails that left lately, paused and cancelled campaigns included."""
    since = clock.now() - dt.timedelta(days=FOLLOWED_DAYS)
    over = Q(state__in=[CampaignState.SENT, CampaignState.FINISHED, CampaignState.PAUSED, CampaignState.CANCELLED])
    lately = Recipient.objects.filter(campaign=OuterRef("pk"), created_at__gte=since)
    rows = Campaign.objects.filter(over & Q(frozen_at__gte=since) | Q(kind=CampaignKind.STEP) & Exists(lately))
    ids = rows.order_by("pk").values_list("pk", flat=True)
    return sum(settle(actor=_ACTOR, campaign_id=pk) for pk in ids)
