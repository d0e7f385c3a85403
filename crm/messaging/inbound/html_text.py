"""HTML as plain text. The sanitiser drops scripts, styles and pictures first; nothing remote is ever fetched."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

HTML_LIMIT = 2_000_000
_TAGS = {
    "a", "b", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol",
    "p", "pre", "span", "strong", "em", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
_BLOCKS = _TAGS - {"a", "b", "i", "span", "strong", "em", "td", "th", "br", "hr"}
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre"})
_WHITE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(r"\n{3,}")
_QUOTE_DEPTH = 8
#: The sanitiser's cost grows with the square of the depth (200,000 nested divs take ten minutes), and no alarm
#: reaches it; what is nested deeper than any mail program writes is only stripped.
_DEPTH_LIMIT = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})")
_ANY_TAG = re.compile(r"<[^<>]{0,5000}>")
_NOT_NESTING = frozenset(
    {
        "area",
        "br",
        "col",
        "dd",
        "dt",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "td",
        "th",
        "tr",
        "wbr",
    }
)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quotes = 0
        self.preformatted = 0
        self.href = ""
        self.link_text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_line(blank=tag in _SPACED)
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "br":
            self.lines.append("")
        elif tag == "hr":
            self._end_line()
            self._add("----------")
            self._end_line()
        elif tag == "li":
            self._add("- ")
        elif tag == "a":
            self.href, self.link_text = dict(attrs).get("href") or "", []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.href:
            shown = "".join(self.link_text).strip()
            if self.href.startswith(("http://", "https://")) and shown and shown.rstrip("/") != self.href.rstrip("/"):
                self._add(f" ({self.href[:500]})")
            self.href = ""
        if tag in _BLOCKS:
            self._end_line(blank=tag in _SPACED)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        elif tag in {"td", "th"}:
            self._add(" ")

    def handle_data(self, data: str) -> None:
        self.link_text.append(data)
        if self.preformatted:
            first, *rest = data.split("\n")
            self._add(first)
            for line in rest:
                self.lines.append("")
                self._add(line)
        else:
            self._add(_WHITE.sub(" ", data))

    def _add(self, text: str) -> None:
        if not self.lines[-1]:
            text = text if self.preformatted else text.lstrip(" ")
            if text and self.quotes:
                text = "> " * min(self.quotes, _QUOTE_DEPTH) + text
        self.lines[-1] += text

    def _end_line(self, blank: bool = False) -> None:
        if self.lines[-1]:
            self.lines.append("")
        if blank and len(self.lines) > 1 and self.lines[-2]:
            self.lines.append("")


def text_of(html: str) -> str:
    """The visible text: blocks on lines of their own, quotations with "> ", links with their address."""
    html = html[:HTML_LIMIT]
    if _is_too_deep(html):
        return _BLANKS.sub("\n\n", unescape(_ANY_TAG.sub(" ", html))).strip()
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None,
        clean_content_tags={"script", "style", "title", "head", "svg", "math", "template"},
    )  # fmt: skip
    parser = _Text()
    parser.feed(clean)
    parser.close()
    return _BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in parser.lines)).strip()


def _is_too_deep(html: str) -> bool:
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _NOT_NESTING:
            depth = max(0, depth + (-1 if match[1] else 1))
            if depth > _DEPTH_LIMIT:
                return True
    return False
