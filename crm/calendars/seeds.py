"""The first calendars: usual office hours in China with its holidays, and one that never closes."""

from __future__ import annotations

from crm.core import clock
from crm.core.sockets import Seed, seeds
from crm.core.translated import Translated

from .models import Calendar, Holiday
from .public_holidays import public_days
from .week import DAY_SECONDS, DAYS, VERSION, write_week

_OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]


def seed_calendars() -> None:
    """Adds both calendars to a product that has none; later years are imported by an administrator."""
    if Calendar.objects.exists():
        return
    office = Calendar.objects.create(
        name=Translated({"en": "Standard hours", "zh-hans": "标准工作时间"}),
        timezone="Asia/Shanghai",
        is_default=True,
        week={"v": VERSION} | {day: _OFFICE if day in DAYS[:5] else [] for day in DAYS},
    )
    this_year = clock.now().year
    Holiday.objects.bulk_create(
        Holiday(calendar=office, date=day.date, kind=day.kind, name=day.name)
        for year in (this_year, this_year + 1)
        for day in public_days("CN", year)
    )
    Calendar.objects.create(
        name=Translated({"en": "Round the clock", "zh-hans": "全天候"}),
        timezone="Asia/Shanghai",
        week=write_week([((0, DAY_SECONDS),)] * 7),
    )


seeds.register(Seed("calendars.calendars", seed_calendars, order=20))
