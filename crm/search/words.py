"""From text to what the index holds, and from a query to what is looked for. Raise `VERSION` with any change here."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import rjieba

from crm.core import names
from crm.core.text import clean_line

from .declarations import Document

VERSION = 2
#: Characters of a record's texts that are read, and of a query; both keep a tsvector below its limit of 1 MB.
BODY_CHARS = 150_000
QUERY_CHARS = 200
QUERY_PARTS = 8
_TOKEN_CHARS = 60
_TITLE_CHARS = 1000

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007"
_RUNS = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_HAN_RUN = re.compile(f"[{_HAN}]+")
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]*")
#: A number that stands alone, however people group its digits.
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{2,}")

Sort = Literal["han", "word", "digits", "mail"]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a query that must be found. text is folded."""

    sort: Sort
    text: str


def tokens(text: str) -> Iterator[str]:
    """The words of a text, folded: Chinese cut by rjieba, other scripts at spaces and signs."""
    for run in _RUNS.findall(text.casefold() if text.isascii() else names.fold(text)):
        if _HAN_RUN.match(run):
            yield from rjieba.cut_for_search(run)
        else:
            yield run[:_TOKEN_CHARS]


def bigrams(text: str) -> Iterator[str]:
    """Every Chinese character and every pair of neighbours."""
    for run in _HAN_RUN.findall(text):
        yield from run
        yield from map("".join, itertools.pairwise(run))


def title_key(document: Document) -> str:
    """Title and names, folded, with pinyin and initials."""
    return " ".join(names.search_key(text) for text in (document.title, *document.names) if text)[:_TITLE_CHARS]


def number_key(number: str) -> str:
    """C-10482 as "c10482", #4711 as "4711"."""
    return re.sub(r"[\W_]+", "", names.fold(number))[:40]


def kind_token(kind: int) -> str:
    """Stands in every entry, so that the index itself keeps kinds apart."""
    return f"kind:{kind}"


def phone_token(digits: str) -> str:
    """A number from its end, so that a tail of it is a beginning."""
    return f"tel:{digits[::-1]}"


def mail_token(text: str) -> str:
    """A mail address or a piece of one, kept apart from other words: not everybody may find by it."""
    return f"mail:{text}"


def lexemes(document: Document, key: str) -> set[str]:
    """Every word by which the document is found. key: its `title_key`."""
    found = {number_key(document.number), *key.split()}
    for mail in filter(None, document.mails):
        found.update(mail_token(piece) for piece in (names.fold(mail), *tokens(mail)))
    found.update(phone_token(re.sub(r"\D", "", phone)) for phone in document.phones if phone)
    for text in (*document.names, document.title):
        found.update(tokens(text))
    left = BODY_CHARS
    for text in document.body:
        found.update(tokens(text[:left]))
        left -= len(text)
        if left <= 0:
            break
    return {word[:255] for word in found if word}


def vector(words: Iterable[str]) -> str:
    """Words as the text form of a tsvector."""
    return " ".join(map(quoted, sorted(words)))


def quoted(word: str) -> str:
    """A lexeme inside the text form of a tsvector or tsquery, whatever it holds."""
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def parse(query: str) -> list[Part]:
    """The pieces of a query, at most eight; signs and anything else that is no word are ignored."""
    query = names.fold(clean_line(query, QUERY_CHARS))
    if _PHONE.fullmatch(query) and sum(char.isdecimal() for char in query) >= 4:
        return [Part("digits", re.sub(r"\D", "", query))]
    parts = [Part("mail", mail.strip(".:'\"()")) for mail in _MAIL.findall(query)]
    for run in _RUNS.findall(_MAIL.sub(" ", query)):
        sort: Sort = "han" if _HAN_RUN.match(run) else "digits" if run.isdecimal() else "word"
        parts.append(Part(sort, run[:_TOKEN_CHARS]))
    return list(dict.fromkeys(part for part in parts if part.text))[:QUERY_PARTS]
