"""What the administrator decided about levels, and the words for why a customer has its levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.core.actor import Actor

from ..choices import RiskLevel, ValueLevel
from ..models import CustomerFacts, LevelSettings
from .signs import risk_signs


def level_settings() -> LevelSettings:
    """The one row, with the usual values before anybody changed them. One query."""
    return LevelSettings.objects.filter(pk=1).first() or LevelSettings(pk=1)


def points_of(settings: LevelSettings) -> dict[str, int]:
    """Sign → what it counts, of those that are switched on."""
    return {sign.key: int(settings.points.get(sign.key, sign.points)) for sign in risk_signs}


def risk_of(points: int, settings: LevelSettings) -> RiskLevel:
    """The level of a sum of points."""
    if points >= settings.high_from:
        return RiskLevel.HIGH
    if points >= settings.medium_from:
        return RiskLevel.MEDIUM
    return RiskLevel.LOW if points > 0 else RiskLevel.NONE


def value_of_bands(r: int, f: int, m: int) -> str:
    """The value level that purchases alone would give; "" without purchases."""
    if not r:
        return ""
    if m >= 4 and r >= 3:
        return ValueLevel.HIGH
    return ValueLevel.LOW if r + f + m <= 6 else ValueLevel.MEDIUM


def why_valued(figures: CustomerFacts) -> str:
    """Why the customer has its value level, for whoever wonders."""
    if figures.value_by_hand:
        return _("By hand: %(note)s") % {"note": figures.value_note}
    if figures.contract_value and figures.value != value_of_bands(figures.r, figures.f, figures.m):
        return _("From the value of active contracts")
    bands = {"r": figures.r, "f": figures.f, "m": figures.m, "orders": figures.orders}
    return _("From %(orders)s orders: recency %(r)s, frequency %(f)s, sum %(m)s of 5") % bands


def reason_in_words(viewer: Actor, reason: Mapping[str, Any]) -> str:
    """One sign as the viewer may read it: the sentence, or the label where the details are not theirs to know."""
    sign = risk_signs.get(reason.get("sign"))
    if sign is None:
        return _("A sign that is no longer used")
    if sign.permission and not viewer.can(sign.permission):
        return str(sign.label)
    return str(sign.sentence(reason))


def why_risky(viewer: Actor, figures: CustomerFacts) -> list[str]:
    """Why the customer has its risk level, the heaviest sign first."""
    by_hand = [_("By hand: %(note)s") % {"note": figures.risk_note}] if figures.risk_by_hand else []
    reasons = sorted(figures.risk_reasons, key=lambda reason: -reason.get("points", 0))
    return by_hand + [reason_in_words(viewer, reason) for reason in reasons]
