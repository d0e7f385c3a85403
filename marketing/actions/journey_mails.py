"""The mails that a journey's steps send: campaigns of their own kind, which the journey paces."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..choices.campaigns import CampaignKind
from ..models import Campaign, Journey

_WORDS = ("topic", "subject", "content", "name", "window_days", "holds_complaints", "answers_become")


def new_mail(journey: Journey, number: int) -> Campaign:
    """An empty mail of the journey. Its steps pace it, so no limit of campaigns holds it back."""
    return Campaign.objects.create(
        brand=journey.brand, kind=CampaignKind.STEP, currency=journey.brand.currency, timezone=journey.timezone,
        owner=journey.owner, department_id=journey.department_id, cap_count=0,
        name=_("%(journey)s · email %(number)s") % {"journey": journey.name[:150], "number": number},
    )  # fmt: skip


def copy_mail(mail: Campaign, journey: Journey) -> Campaign:
    """A draft that says the same, sent by that journey."""
    copy = new_mail(journey, 0)
    for name in _WORDS:
        setattr(copy, name, getattr(mail, name))
    copy.save()
    return copy
