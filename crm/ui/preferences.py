"""How one reader sees the product: from the profile when signed in, from cookies otherwise."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from crm.core import switches

THEMES = ("light", "dark", "auto")
DENSITIES = ("compact", "standard", "dense")
THEME_COOKIE, ZONE_COOKIE = "theme", "zone"
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the templates read as `request.ui`. theme "auto" follows the system."""

    language: str
    timezone: str = ""
    theme: str = "auto"
    density: str = "compact"
    rail_narrow: bool = False
    single_keys: bool = True
    absolute_time: bool = False

    @property
    def html_lang(self) -> str:
        """The value of `<html lang>`."""
        return "zh-Hans" if self.language.startswith("zh") else "en"

    @property
    def fixed_theme(self) -> str:
        """What the server writes; the script in the head turns "auto" into dark where the system is."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def other_language(self) -> tuple[str, str] | None:
        """Code and own name of the language the switch leads to; None when the company offers one only."""
        offered = switches.languages()
        others = ((code, name) for code, name in settings.LANGUAGES if code != self.language and code in offered)
        return next(others, None)


def known_language(code: str) -> str:
    """The code when it is one of ours, else ""."""
    return code if code in dict(settings.LANGUAGES) else ""


def known_zone(name: str) -> str:
    """The name when it is an IANA zone, else ""."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return ""
    return name


def offered_language(code: str) -> str:
    """The code when the company offers that language to visitors, else ""."""
    return code if code in switches.languages() else ""


def _choice(value: str, choices: tuple[str, ...], default: str) -> str:
    return value if value in choices else default


def _fallback_language() -> str:
    """For visitors who want a language that is not offered."""
    return offered_language(settings.LANGUAGE_CODE) or switches.languages()[0]


def for_request(request: HttpRequest) -> Preferences:
    """The reader's preferences; visitors bring theirs in cookies and Accept-Language."""
    guessed = offered_language(translation.get_language_from_request(request)) or _fallback_language()
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Preferences(
            language=guessed,
            timezone=known_zone(request.COOKIES.get(ZONE_COOKIE, "")),
            theme=_choice(request.COOKIES.get(THEME_COOKIE, ""), THEMES, "auto"),
        )
    return Preferences(
        language=known_language(getattr(user, "language", "")) or guessed,
        timezone=known_zone(getattr(user, "timezone", "")),
        theme=_choice(getattr(user, "theme", ""), THEMES, "auto"),
        density=_choice(getattr(user, "density", ""), DENSITIES, "compact"),
        rail_narrow=bool(getattr(user, "rail_narrow", False)),
        single_keys=bool(getattr(user, "single_keys", True)),
        absolute_time=bool(getattr(user, "absolute_time", False)),
    )
