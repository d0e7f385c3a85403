"""What the company wants figures of the service to reach: set under Settings, marked wherever the figure is shown.

An SLA policy promises times, a target says what share of those promises shall be kept, so it is a number of its own.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.core.metrics import Measure, Unit

from .models import ServiceTarget
from .words import decimal, value_text

#: Key of a measure → its field in the form of targets.
TARGETED = {"tickets.sla_met": "sla_met", "tickets.satisfaction": "satisfaction"}


def targets() -> dict[str, float]:
    """Key of a measure → what is wanted of it, in the measure's unit. One query."""
    rows = ServiceTarget.objects.filter(key__in=TARGETED)
    return {key: float(value) for key, value in rows.values_list("key", "value")}


def target_of(measure: Measure) -> float | None:
    """What is wanted of one measure; None without a target. No query for a measure that can have none."""
    return targets().get(measure.key) if measure.key in TARGETED else None


def judged(measure: Measure, value: float | None, target: float | None) -> str:
    """How a figure stands to its target, "" without one or without an answer."""
    if value is None or target is None:
        return ""
    said = _("on target (%(target)s)") if value >= target else _("below the target of %(target)s")
    return said % {"target": target_text(measure, target)}


def target_text(measure: Measure, target: float) -> str:
    """The target as it was typed: "95%", "92.5%", "4.5"."""
    if measure.unit != Unit.RATE:
        return value_text(measure.unit, target)
    percents = round(target * 100, 2)
    return f"{decimal(percents, 0 if percents == round(percents) else 1)}%"


def mark(measure: Measure, target: float | None) -> dict[str, Any] | None:
    """The line that js/charts.js draws at the target, on an axis of percents or scores."""
    if target is None:
        return None
    text = _("Target %(target)s") % {"target": target_text(measure, target)}
    return {"value": round(target * 100, 1) if measure.unit == Unit.RATE else target, "name": text}
