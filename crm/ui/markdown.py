"""Markdown to HTML that is safe anywhere: no HTML of the author's passes, and what comes out is cleaned again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from markdown_it.token import Token

#: An address as written → the address to use; "" where it leads nowhere for this reader.
Resolve = Callable[[str], str]
#: Titles that the table of contents takes: h2 and h3. An h1 in the text becomes an h2, as the page has its own.
_LEVELS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
TAGS = {
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
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


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
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.at("emphasis", _emphasis)
    return parser


def _emphasis(state: StateInline, silent: bool) -> bool:
    """The parser's own rule, but for stars beside Chinese: "**好处。**然后" is bold, though no space follows the stop.

    CommonMark takes the stop for the end of a word, which Chinese does not part by spaces.
    """
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    before = state.src[state.pos - 1] if state.pos else " "
    end = state.pos + scanned.length
    after = state.src[end] if end < state.posMax else " "
    if marker == "*" and (_is_wide(before) or _is_wide(after)):
        scanned = Scanned(not after.isspace(), not before.isspace(), scanned.length)
    for _number in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker), length=scanned.length, token=len(state.tokens) - 1, end=-1,
                open=scanned.can_open, close=scanned.can_close,
            )
        )  # fmt: skip
    state.pos = end
    return True


def _is_wide(sign: str) -> bool:
    """Chinese signs and their punctuation."""
    return unicodedata.east_asian_width(sign) in {"W", "F"}


def as_written(address: str) -> str:
    """The address itself."""
    return address


def nowhere(address: str) -> str:
    """No address."""
    return ""


def render(body: str, *, link: Resolve = as_written, picture: Resolve = nowhere) -> Rendered:
    """link, picture: what becomes of addresses; a link that leads nowhere stays as plain words."""
    tokens = _parser().parse(body)
    headings: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            _place(token, tokens[index + 1], headings)
        elif token.type == "heading_close":
            token.tag = _LEVELS[token.tag]
        elif token.type == "inline":
            token.children = _resolved(token.children or [], link, picture)
    html = _parser().renderer.render(tokens, _parser().options, {})
    html = html.replace("<table>", '<div tabindex="0"><table>').replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0">')
    clean = nh3.clean(
        html, tags=TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer", set_tag_attribute_values={"img": {"loading": "lazy"}},
        attribute_filter=_own_pictures,
    )  # fmt: skip
    return Rendered(mark_safe(clean), tuple(headings))


def plain(body: str, *, link: Resolve = nowhere) -> str:
    """The words of a text, without its signs. link: what stands in brackets after a link's words; nothing for ""."""
    parts: list[str] = []
    for token in _parser().parse(body):
        if token.type == "inline":
            parts.append("".join(_words(token.children or [], link)))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content)
    return "\n".join(parts)


def escaped(text: str) -> str:
    """One line of plain words as Markdown that shows just them, whatever signs they hold."""
    return _SIGNS.sub(r"\\\1", text)


def _words(children: list[Token], link: Resolve) -> list[str]:
    found: list[str] = []
    open_links: list[str] = []
    for child in children:
        if child.type == "link_open":
            open_links.append(link(str(child.attrGet("href") or "")))
        elif child.type == "link_close":
            address = open_links.pop()
            found.append(f" ({address})" if address else "")
        else:
            found.append(" " if child.type == "softbreak" else "\n" if child.type == "hardbreak" else child.content)
    return found


def _place(token: Token, inline: Token, headings: list[Heading]) -> None:
    """Gives a heading its level and its anchor, which a count keeps unique whatever the words."""
    token.tag = _LEVELS[token.tag]
    if token.tag == "h4":
        return
    anchor = f"part-{len(headings) + 1}"
    token.attrSet("id", anchor)
    text = "".join(child.content for child in inline.children or ())
    headings.append(Heading(int(token.tag[1]), anchor, text))


def _resolved(children: list[Token], link: Resolve, picture: Resolve) -> list[Token]:
    """Own addresses become real ones; a link that leads nowhere for this reader loses its tags, not its words."""
    found: list[Token] = []
    open_links: list[bool] = []
    for token in children:
        if token.type == "link_open":
            address = link(str(token.attrGet("href") or ""))
            open_links.append(bool(address))
            if not address:
                continue
            token.attrSet("href", address)
        elif token.type == "link_close":
            if not open_links.pop():
                continue
        elif token.type == "image":
            token.attrSet("src", picture(str(token.attrGet("src") or "")))
        found.append(token)
    return found


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Pictures come from us alone: one from elsewhere would tell its host who reads."""
    if tag == "img" and attribute == "src":
        return value if value.startswith("/files/") else None
    return value
