"""Shares as people read them."""

from __future__ import annotations

from django.utils.formats import number_format


def percent(part: float, base: float) -> str:
    """A share of the base, rounded to one decimal place: "30.8%"; "" where there is no base."""
    return f"{number_format(round(part * 100 / base, 1), decimal_pos=1)}%" if base else ""
