"""Figures, differences, days and zones in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.core import money
from crm.core.metrics import Figure, Measure, Unit
from crm.ui.html import EMPTY, duration, is_chinese, number_short

ZONES = {"Asia/Shanghai": gettext_lazy("Beijing time"), "UTC": gettext_lazy("UTC")}
#: Less change than the shown text could tell.
STEADY = {Unit.RATE: 0.0005, Unit.SCORE: 0.05}


def zone_name(zone: ZoneInfo) -> str:
    """The zone as people say it: "Beijing time", "Berlin time"."""
    if zone.key in ZONES:
        return str(ZONES[zone.key])
    return _("%(city)s time") % {"city": zone.key.rpartition("/")[2].replace("_", " ")}


def day_text(day: dt.date) -> str:
    """A day of the axis: "5 Nov", "11-05"."""
    return day.strftime("%m-%d") if is_chinese() else dateformat.format(day, "j M")


def weekday_text(day: dt.date) -> str:
    """A day of a table: "Thu 5 Nov", "11-05 周四"."""
    return f"{day_text(day)} {dateformat.format(day, 'D')}" if is_chinese() else dateformat.format(day, "D j M")


def month_text(day: dt.date) -> str:
    """A month of an axis: "Nov 2026", "2026-11"."""
    return day.strftime("%Y-%m") if is_chinese() else dateformat.format(day, "M Y")


def days_text(first: dt.date, last: dt.date) -> str:
    """ "5–18 Nov", "28 Oct – 3 Nov", "11-05 至 11-18"."""
    if first == last:
        return day_text(first)
    if is_chinese():
        return pgettext("days", "%(first)s to %(last)s") % {"first": day_text(first), "last": day_text(last)}
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    return f"{day_text(first)} – {day_text(last)}"


def figure_text(measure: Measure, figure: Figure) -> str:
    """The figure with its unit; `--` where nothing answers it. Amounts of several currencies stand side by side."""
    if measure.unit == Unit.MONEY:
        several = len(figure.amounts) > 1
        return " · ".join(money.shown(part, code, several=several) for code, part in figure.amounts.items()) or EMPTY
    return value_text(measure.unit, figure.value)


def value_text(unit: Unit, value: float | None) -> str:
    """A value of that unit in words: "1,172", "2 h 10 m", "93.6%", "4.6"."""
    if value is None:
        return EMPTY
    if unit == Unit.COUNT:
        return whole(value)
    if unit.is_time:
        return hours_text(value) if unit == Unit.BUSINESS_SECONDS else duration(value)
    return _percent(value) if unit == Unit.RATE else decimal(value)


def hours_text(seconds: float) -> str:
    """Business time stays with hours, since a business day has no fixed length."""
    if seconds < 172_800:
        return duration(seconds)
    return _("%(hours)s h") % {"hours": whole(seconds // 3600)}


def whole(value: float) -> str:
    """A count with separators."""
    return formats.number_format(round(value), use_l10n=True, force_grouping=True)


def short(value: float) -> str:
    """A count for a tile."""
    return number_short(round(value))


def decimal(value: float, places: int = 1) -> str:
    """One decimal place."""
    return formats.number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)


def _percent(share: float) -> str:
    return f"{decimal(share * 100)}%"


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to the period before. tone is a judgement, or neutral where more is neither good nor bad."""

    text: str
    tone: str


def change(measure: Measure, now: Figure, before: Figure) -> Change | None:
    """How a figure moved, with arrow and sign; None where either side has no answer."""
    if now.value is None or before.value is None or set(now.amounts) != set(before.amounts):
        return None
    difference = now.value - before.value
    text = _difference(measure.unit, difference, before.value)
    if text is None:
        return None
    if abs(difference) < STEADY.get(measure.unit, 1):
        return Change(_("unchanged"), "neutral")
    tone = "neutral"
    if measure.better:
        tone = "success" if (difference > 0) == (measure.better == "up") else "warning"
    return Change(f"{'▲ +' if difference > 0 else '▼ −'}{text}", tone)


def _difference(unit: Unit, difference: float, before: float) -> str | None:
    size = abs(difference)
    if unit in {Unit.COUNT, Unit.MONEY}:
        return _percent(size / before) if before else None
    if unit.is_time:
        return hours_text(size) if unit == Unit.BUSINESS_SECONDS else duration(size)
    if unit == Unit.RATE:
        return _("%(points)s pt") % {"points": decimal(size * 100)}
    return decimal(size)
