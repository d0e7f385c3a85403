"""Markdown to HTML that is safe anywhere: no HTML of the author's passes, and what comes out is cleaned again.

Addresses of our own: `[text](kb:KB-12)` is article 12 wherever it moves; `![picture](picture:UUID)` a picture of the
article, always re-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

#: How an article names another.
ARTICLE_LINK = re.compile(r"kb:(?:KB-)?(\d{1,9})", re.ASCII | re.IGNORECASE)
_PICTURE = re.compile(r"picture:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
#: Titles that the table of contents takes: h2 and h3. An h1 in the text becomes an h2, as the page has its own.
_LEVELS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "div": {"tabindex"}, "pre": {"tabindex"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the contents list. level: 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """html: ready for a page. headings: its contents list."""

    html: SafeString
    headings: tuple[Heading, ...]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def article_numbers(body: str) -> set[int]:
    """Numbers of the articles that a text links to."""
    return {int(number) for number in ARTICLE_LINK.findall(body)}


def render(body: str, *, links: Mapping[int, str] | None = None) -> Rendered:
    """links: number → address of the articles this reader may open; a link to any other stays as plain text."""
    tokens = _parser().parse(body)
    headings: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            _place(token, tokens[index + 1], headings)
        elif token.type == "heading_close":
            token.tag = _LEVELS[token.tag]
        elif token.type == "inline":
            token.children = list(_resolved(token.children or [], links or {}))
    html = _parser().renderer.render(tokens, _parser().options, {})
    html = html.replace("<table>", '<div tabindex="0"><table>').replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0">')
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer", set_tag_attribute_values={"img": {"loading": "lazy"}},
        attribute_filter=_own_pictures,
    )  # fmt: skip
    return Rendered(mark_safe(clean), tuple(headings))


def plain(body: str) -> str:
    """The words of a text, without its signs, for the index and for excerpts."""
    parts: list[str] = []
    for token in _parser().parse(body):
        if token.type == "inline":
            parts.append("".join(child.content if child.type != "softbreak" else " " for child in token.children or ()))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content)
    return "\n".join(parts)


def _place(token: Token, inline: Token, headings: list[Heading]) -> None:
    """Gives a heading its level and its anchor, which a count keeps unique whatever the words."""
    token.tag = _LEVELS[token.tag]
    if token.tag == "h4":
        return
    anchor = f"part-{len(headings) + 1}"
    token.attrSet("id", anchor)
    text = "".join(child.content for child in inline.children or ())
    headings.append(Heading(int(token.tag[1]), anchor, text))


def _resolved(children: list[Token], links: Mapping[int, str]) -> list[Token]:
    """Own addresses become real ones; a link that leads nowhere for this reader loses its tags, not its words."""
    found: list[Token] = []
    open_links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            match = ARTICLE_LINK.fullmatch(str(token.attrGet("href") or ""))
            address = links.get(int(match[1]), "") if match else str(token.attrGet("href"))
            open_links.append(bool(address))
            if not address:
                continue
            token.attrSet("href", address)
        elif token.type == "link_close":
            if not open_links.pop():
                continue
        elif token.type == "image":
            match = _PICTURE.fullmatch(str(token.attrGet("src") or ""))
            token.attrSet("src", reverse("files:attachment_preview", args=[match[1].lower()]) if match else "")
        found.append(token)
    return found


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Pictures come from us alone: one from elsewhere would tell its host who reads."""
    if tag == "img" and attribute == "src":
        return value if value.startswith("/files/") else None
    return value


def text_as_markdown(text: str) -> str:
    """Plain words as Markdown that shows just them."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)
