"""Public holidays and make-up workdays of a country, from the `holidays` package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from crm.core.translated import Translated

from .choices import DayKind

_LANGUAGES = {"en": "en_US", "zh-hans": "zh_CN"}
_MAKEUP_NAME = {"en": "Make-up workday", "zh-hans": "调休工作日"}


@dataclass(frozen=True)
class PublicDay:
    """A day on which a country differs from its usual week."""

    date: dt.date
    kind: DayKind
    name: Translated


@lru_cache(maxsize=32)
def public_days(country: str, year: int) -> tuple[PublicDay, ...]:
    """What the package knows of a year, in order of date. country: an ISO 3166 code such as "CN".

    A make-up workday is a weekend day that the package calls a working one; a government that has not
    announced the year's make-up days yet has none here. Raises `Invalid` for an unknown country.
    """
    import holidays

    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise Invalid(
            _("Holidays of this country are not known. Add them one by one."),
            fields={"country": _("Choose a country from the list.")},
        ) from None
    named = {
        code: holidays.country_holidays(country, years=year, language=language)
        for code, language in _LANGUAGES.items()
        if language in known.supported_languages
    } or {"en": known}
    days = [
        PublicDay(day, DayKind.HOLIDAY, Translated({code: table[day] for code, table in named.items()}))
        for day in known
        if day.year == year
    ]
    start = dt.date(year, 1, 1)
    for day in (start + dt.timedelta(days=number) for number in range(366)):
        if day.year == year and known.is_weekend(day) and known.is_working_day(day):
            days.append(PublicDay(day, DayKind.MAKEUP, Translated(_MAKEUP_NAME)))
    return tuple(sorted(days, key=lambda entry: entry.date))


def countries() -> list[str]:
    """The country codes the package knows."""
    import holidays

    return sorted(holidays.list_supported_countries(include_aliases=False))
