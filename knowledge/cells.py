"""How an article looks in a row."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from crm.ui import html
from crm.ui.lists import Viewer

from .choices import TONES, TextState
from .models import Article, ArticleText

SHORT = {"en": "EN", "zh-hans": "中"}


def state_words(text: ArticleText | None) -> tuple[Any, str]:
    """What to say of a text, and in which tone."""
    if text is None:
        return _("Not written"), "neutral"
    if text.is_outdated and text.state == TextState.PUBLISHED:
        return _("Translation outdated"), "caution"
    if text.has_changes and text.state == TextState.DRAFT:
        return _("Published, changed since"), "info"
    return text.get_state_display(), TONES[TextState(text.state)]


def languages(row: Article, viewer: Viewer) -> Any:
    """The state of each language, one badge a language."""
    badges = []
    for code, _name in settings.LANGUAGES:
        words, tone = state_words(row.text_in(code))
        badges.append((html.badge(f"{SHORT.get(code, code)} {words}", tone),))
    return format_html('<span class="kb-langs">{}</span>', format_html_join("", "{}", badges))


def languages_text(row: Article, viewer: Viewer) -> str:
    """The same for an export."""
    return ", ".join(f"{SHORT.get(code, code)}: {state_words(row.text_in(code))[0]}" for code, _n in settings.LANGUAGES)


def readers(row: Article, viewer: Viewer) -> Any:
    """Everyone or staff; an article in a hidden category is for staff."""
    if row.visibility == "public" and not row.category.is_open:
        return _("Staff only (category)")
    return row.get_visibility_display()
