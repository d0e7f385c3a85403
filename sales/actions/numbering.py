"""Numbers without a gap, one row of them a brand, series and year."""

from __future__ import annotations

from crm.core import clock
from crm.core.models import Brand

from ..models import NumberSeries


def take_number(brand: Brand, series: str) -> tuple[int, int]:
    """(year, number), the last thing that a verb takes: the row stays locked until its transaction ends."""
    year = clock.now().year
    NumberSeries.objects.get_or_create(brand=brand, series=series, year=year)
    row = NumberSeries.objects.select_for_update().get(brand=brand, series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return year, row.last
