"""Strings that break careless code, and where they go: every parameter an address knows, every field a form has."""

from __future__ import annotations

import json
from functools import cache
from html.parser import HTMLParser

from crm.launch.paths import BASE_DIR
from crm.ui.generic.state import OWN, filter_names
from crm.ui.lists import lists

#: The project's larger collections, where the machine has them.
#: Strings from outside, beside the checkout where somebody has put them.
CORPORA = BASE_DIR.parent / "shared" / "corpora" / "strings"

#: One of each kind that has broken something somewhere: bytes a database refuses, numbers no column holds,
#: moments no zone knows, look-ups of the ORM, engines, markup, headers.
WORST = (
    "a\x00b",
    "\ufffd\ud7ff\U0001f469\u200d\U0001f4bb\u202e\ufeff",
    "9" * 19,
    "9" * 5000,
    "-1",
    "\u00b2\u0663",
    "1e309",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "user__password",
    "{{ 7*7 }}{% debug %}${7*7}%(x)s%s{0}",
    "'\"><svg onload=alert(1)>",
    "x\r\nSet-Cookie: a=b",
    "[" * 3000,
)
MORE = (
    "",
    "0",
    "1",
    "true",
    "null",
    "NaN",
    "9" * 10,
    "32768",
    "2147483648",
    "9223372036854775808",
    "9999-12-31T23:59:59-12:00",
    "2026-02-30",
    "2026-01-01",
    "0000-00-00",
    "24:61",
    "' OR 1=1 --",
    "-password",
    "owner__password",
    "../../../../etc/passwd",
    "//evil.example/",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "\u2028\u2029",
    "x" * 100_000,
    "\u4e2d" * 5000,
    '{"v": 1, "all": [{"field": "ticket.customer.owner.password", "op": "is", "value": 1}]}',
)

#: Parameters that some page reads, besides those of filters.
_PARAMETERS = [
    "tab",
    "year",
    "week",
    "team",
    "before",
    "after",
    "group",
    "unread",
    "period",
    "from",
    "to",
    "complete",
    "field",
    "contact",
    "request_type",
    "type",
    "subject",
    "score",
    "watch",
    "view",
    "since",
    "until",
    "actor",
    "kind",
    "q",
    "next",
    "name",
    "id",
    "ids",
    "status",
    "category",
    "key",
    "language",
    "timezone",
    "theme",
    "score",
    "state",
    "page",
]


@cache
def parameters() -> tuple[str, ...]:
    """Every name that any address reads."""
    found = set(_PARAMETERS) | OWN
    for page in lists:
        found |= filter_names(page)
    return tuple(sorted(found))


@cache
def collected() -> tuple[str, ...]:
    """Naughty strings and script vectors of public collections; empty where they are not at hand."""
    if not CORPORA.exists():
        return ()
    naughty = [text for text in json.loads((CORPORA / "blns.json").read_text()) if text]
    vectors = (CORPORA / "xss.txt").read_text(errors="replace").splitlines()
    return (*naughty, *(line for line in vectors if line.strip()))


class FieldNames(HTMLParser):
    """The fields of every form on a page, with the values they show."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag in {"input", "button"} and name:
            chosen = given.get("type") not in {"radio", "checkbox"} or "checked" in given
            if chosen or name not in self.fields:
                self.fields[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
            self.fields.setdefault(name, "")
        elif tag == "textarea":
            self._area = name
            self.fields.setdefault(name, "")
        elif tag == "option" and self._select and ("selected" in given or not self.fields[self._select]):
            self.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields_of(html: str) -> dict[str, str]:
    """Name → value of what a page's forms would send, without the token that Django adds."""
    parser = FieldNames()
    parser.feed(html)
    return {name: value for name, value in parser.fields.items() if name and name != "csrfmiddlewaretoken"}
