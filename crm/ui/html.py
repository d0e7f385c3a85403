"""Small pieces of HTML drawn in Python: what template tags and table cells share."""

from __future__ import annotations

import datetime as dt
import logging
import zlib
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import dateformat, formats, timezone, translation
from django.utils.html import format_html, mark_safe
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.core import clock, names
from crm.core.sockets import Glance
from crm.core.text import has_han

from .icons import ICONS

logger = logging.getLogger(__name__)

TONES = ("danger", "warning", "caution", "success", "info", "special", "neutral")
EMPTY = "--"
HUES = 12


def is_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (translation.get_language() or "").startswith("zh")


@lru_cache(maxsize=1)
def sprite_url() -> str:
    """The hashed address of the icon sprite."""
    return static("icons.svg")


@lru_cache(maxsize=1024)
def icon(name: str, extra: str = "") -> SafeString:
    """An icon by concept or drawing; unknown names are logged and drawn as a circle.

    extra: more classes, such as ``icon-sm``.
    """
    drawing = ICONS.get(name)
    if drawing is None:
        logger.error("icon %r is not in crm/ui/icons.py", name)
        drawing = "circle"
    classes = f"icon {extra}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>',
        classes,
        sprite_url(),
        drawing,
    )


def badge(text: object, tone: str = "neutral", icon_name: str = "", hint: object = "") -> SafeString:
    """A state: filled, square, never clickable. hint: the reason, in the tooltip and for screen readers."""
    tone = tone if tone in TONES else "neutral"
    return format_html(
        '<span class="app-badge tone-{}"{}>{}{}{}</span>',
        tone,
        format_html(' title="{}"', hint) if hint else "",
        icon(icon_name) if icon_name else "",
        format_html('<span class="visually-hidden">{}: </span>', hint) if hint else "",
        text,
    )


def tag(text: object) -> SafeString:
    """A free label: outline, round."""
    return format_html('<span class="app-tag">{}</span>', text)


def hue(key: object) -> str:
    """A colour class that stays with the key."""
    return f"hue-{zlib.crc32(str(key).encode()) % HUES}"


def avatar(subject: Any, *, size: str = "", company: bool = False, key: object = None) -> SafeString:
    """Initials on a stable colour. subject: a name or an object with a name and a pk.

    size: "", "lg" or "xl". The name itself must stand beside it or in the title of the row.
    """
    name = subject if isinstance(subject, str) else str(getattr(subject, "name", "") or subject)
    if key is None or key == "":
        key = name if isinstance(subject, str) else getattr(subject, "pk", None) or name
    classes = " ".join(
        part for part in ("app-ava", hue(key), size and f"is-{size}", "is-co" if company else "") if part
    )
    return format_html('<span class="{}" title="{}" aria-hidden="true">{}</span>', classes, name, names.initials(name))


def who(subject: Any) -> SafeString:
    """Avatar and name, or the empty mark."""
    if not subject:
        return EMPTY_HTML
    name = subject if isinstance(subject, str) else str(getattr(subject, "name", "") or subject)
    return format_html(
        '<span class="app-who"{}>{}<span class="cut">{}</span></span>', lang_attribute(name), avatar(subject), name
    )


def glance(figure: Glance) -> SafeString:
    """A figure under a record's title, a link where there are records behind it."""
    value = format_html('<a href="{}">{}</a>', figure.url, figure.value) if figure.url else figure.value
    note = format_html(' <small class="tone-text tone-{}">{}</small>', figure.tone or "neutral", figure.note)
    return format_html("{}{}", value, note if figure.note else "")


EMPTY_HTML = mark_safe(f'<span class="t2">{EMPTY}</span>')


def lang_attribute(text: object) -> SafeString:
    """` lang="…"` when the text is in another language than the page, else nothing."""
    code = language_of(str(text))
    if not code or (code == "zh-Hans") == is_chinese():
        return mark_safe("")
    return format_html(' lang="{}"', code)


def language_of(text: str) -> str:
    """ "zh-Hans" for text with Chinese characters, "en" for Latin letters, "" where neither shows."""
    if has_han(text):
        return "zh-Hans"
    return "en" if any(char.isascii() and char.isalpha() for char in text) else ""


# Time ------------------------------------------------------------------------------------------


def local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def absolute(value: dt.datetime, short: bool = False) -> str:
    """Day and minute in the reader's zone; the year only when it is not this one. short: the day alone."""
    moment = local(value)
    this_year = moment.year == local(clock.now()).year
    if is_chinese():
        day = "m-d" if this_year else "Y-m-d"
        return dateformat.format(moment, day if short else f"{day} H:i")
    day = "j M" if this_year else "j M Y"
    return dateformat.format(moment, day if short else f"{day}{' ' if this_year else ', '}H:i")


def exact(value: dt.datetime) -> str:
    """The whole moment with its zone, for tooltips."""
    moment = local(value)
    text = dateformat.format(moment, "Y-m-d H:i" if is_chinese() else "j M Y, H:i")
    return f"{text} {timezone.get_current_timezone_name()}"


def relative(seconds: float, short: bool = False) -> str:
    """How long ago, for less than a day: "5 min ago", "刚刚"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        text = pgettext("ago", "%(minutes)s min") if short else _("%(minutes)s min ago")
        return text % {"minutes": minutes}
    text = pgettext("ago", "%(hours)s h") if short else _("%(hours)s h ago")
    return text % {"hours": minutes // 60}


def time(value: dt.datetime | None, *, short: bool = False, always_absolute: bool = False) -> SafeString:
    """A `<time>` that says relative for 24 h, then absolute; the whole moment is in the tooltip."""
    if value is None:
        return EMPTY_HTML
    seconds = (clock.now() - value).total_seconds()
    is_relative = 0 <= seconds < 86_400 and not always_absolute
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        value.isoformat(timespec="seconds"),
        exact(value),
        format_html(' data-ago="{}"', "short" if short else "long") if is_relative else "",
        relative(seconds, short) if is_relative else absolute(value, short and not always_absolute),
    )


def duration(seconds: float | None) -> str:
    """Time taken or left: "45 s", "18 min", "2 h 10 m", "3 d 4 h"; the sign is the caller's."""
    if seconds is None:
        return EMPTY
    whole = abs(int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if whole < 60:
        return _("%(seconds)s s") % {"seconds": whole}
    if hours < 1:
        return _("%(minutes)s min") % {"minutes": minutes}
    if days < 2:
        rest = minutes - hours * 60
        if not rest:
            return _("%(hours)s h") % {"hours": hours}
        return _("%(hours)s h %(minutes)s m") % {"hours": hours, "minutes": rest}
    rest = hours - days * 24
    if not rest:
        return _("%(days)s d") % {"days": days}
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": rest}


# Numbers ---------------------------------------------------------------------------------------

_EN_STEPS = ((Decimal("1e9"), "B"), (Decimal("1e6"), "M"), (Decimal("1e3"), "K"))
_ZH_STEPS = ((Decimal("1e8"), " 亿"), (Decimal("1e4"), " 万"))


def number_short(value: float | Decimal | None) -> str:
    """A figure for a tile: 12.3K, 4.5M; 1.2 万, 3.4 亿. Below ten thousand it stays whole."""
    if value is None:
        return EMPTY
    amount = Decimal(str(value))
    if abs(amount) < 10_000:
        places = 0 if amount == amount.to_integral_value() else 1
        return formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    for step, unit in _ZH_STEPS if is_chinese() else _EN_STEPS:
        if abs(amount) >= step:
            short = (amount / step).quantize(Decimal("0.1"))
            places = 0 if short == short.to_integral_value() else 1
            return formats.number_format(short, decimal_pos=places, use_l10n=True, force_grouping=True) + unit
    return str(amount)
