"""The Markdown of articles: `crm.ui.markdown` with two addresses of their own.

`[text](kb:KB-12)` is article 12 wherever it moves; `![picture](picture:UUID)` a picture of the article, always
re-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.urls import reverse

from crm.ui import markdown
from crm.ui.markdown import Rendered, plain

__all__ = ["ARTICLE_LINK", "Rendered", "article_numbers", "plain", "render", "text_as_markdown"]

#: How an article names another.
ARTICLE_LINK = re.compile(r"kb:(?:KB-)?(\d{1,9})", re.ASCII | re.IGNORECASE)
_PICTURE = re.compile(r"picture:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)


def article_numbers(body: str) -> set[int]:
    """Numbers of the articles that a text links to."""
    return {int(number) for number in ARTICLE_LINK.findall(body)}


def render(body: str, *, links: Mapping[int, str] | None = None) -> Rendered:
    """links: number → address of the articles this reader may open; a link to any other stays as plain text."""

    def link(address: str) -> str:
        match = ARTICLE_LINK.fullmatch(address)
        return (links or {}).get(int(match[1]), "") if match else address

    return markdown.render(body, link=link, picture=_picture)


def text_as_markdown(text: str) -> str:
    """Plain words as Markdown that shows just them."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def _picture(address: str) -> str:
    match = _PICTURE.fullmatch(address)
    return reverse("files:attachment_preview", args=[match[1].lower()]) if match else ""
