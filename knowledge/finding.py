"""The help centre's search: published texts everybody may read, found by words in any order, best first.

Words are cut by `crm.search.words`, as everywhere. A term counts by how rare it is among the published texts, three
times as much in a title. `search` wants every word; when no text has them all, texts that come near are offered and
the search is a miss. `suggest` takes a whole sentence and wants enough of what is rare in it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchQueryField, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import BooleanField, Case, F, Func, Q, Value, When
from django.db.models.functions import Cast

from crm.core import names
from crm.core.actor import Actor
from crm.core.text import excerpt
from crm.search import words
from crm.search.declarations import Document

from . import markdown
from .models import ArticleText
from .querysets import TextQuerySet

#: Texts that are weighed, and terms of a query; both bound the work of a search.
CANDIDATES, TERMS = 400, 12
TITLE_WEIGHT = 3.0
#: Share of a sentence's weight that a suggestion must hold, and how alike a mistyped word must be.
ENOUGH, LIKENESS = 0.34, 0.4
ALIKE_CHARS = 5
#: A search that takes longer is given up.
PATIENCE_MS = 1500
#: Words that say nothing about what is asked.
_EMPTY_WORDS = """
a about after all also am an and any are as at be been before but by can cannot could did do does doesn don for from
get gets had has have he help her hello hi how i if in into is isn it its just me my no not of on once only or our out
please she so some than thanks that the their them then there they this to too up us very was we were what when where
which who why will with won would you your s t
的 了 是 我 我们 你 您 你们 吗 呢 吧 啊 在 有 没有 不 怎么 怎么办 如何 什么 为什么
请 请问 和 与 或 就 都 也 很 后 一个 这个 那个
可以 能 能不能 会 要 想 把 被 对 给 到 从 用 时 时候 一直 之后 办 问题 帮助 谢谢 你好
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Hit:
    """A text with what was found in it. score: only to compare hits of one search."""

    text: ArticleText
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """hits, best first. is_near: no text holds all words, these come near (a slip corrected, or some of them)."""

    hits: Sequence[Hit]
    total: int
    is_near: bool = False
    was_mistyped: bool = False

    @property
    def is_miss(self) -> bool:
        """Whether editors should hear of it: nothing holds what was asked, not even spelled otherwise."""
        return not self.hits or (self.is_near and not self.was_mistyped)


def keys_of(title: str, body: str) -> dict[str, Any]:
    """The columns by which a published text is found."""
    document = Document(id=0, title=title, number="", at=None, body=[markdown.plain(body)])  # type: ignore[arg-type]
    key = words.title_key(document)
    return {
        "found_key": key,
        "found_bigrams": sorted(set(words.bigrams(f"{title}\n{document.body[0]}"))),
        "title_tokens": words.vector({word for word in {*words.tokens(title), *key.split()} if word}),
        "tokens": words.vector(words.lexemes(document, key)),
        "tokenizer_version": words.VERSION,
    }


NO_KEYS: dict[str, Any] = {
    "found_key": "", "found_bigrams": [], "title_tokens": None, "tokens": None, "tokenizer_version": 0,
}  # fmt: skip


def open_texts(viewer: Actor, language: str) -> TextQuerySet:
    """Live texts of that language that the viewer may read."""
    rows = ArticleText.objects.visible_to(viewer).filter(published_version__isnull=False)
    return rows.filter(language=language) if language else rows


def search(viewer: Actor, query: str, language: str, *, limit: int = 20, page: int = 1) -> Results:
    """Texts with every word of the query; else with a word much like a mistyped one; else with some of the words."""
    parts = words.parse(query)
    if not parts:
        return Results([], 0)
    rows = open_texts(viewer, language)
    with transaction.atomic():
        _be_patient()
        whole = rows
        for part in parts:
            whole = whole.filter(_holds_part(part))
        terms = _terms(query, keep_empty=True)
        found = _weighed(whole, rows, terms)
        if found:
            return _page(found, limit, page)
        found = _alike(rows, parts)
        if found:
            return _page(found, limit, page, is_near=True, was_mistyped=True)
        return _page(_enough(_weighed(rows.filter(_any(terms)), rows, terms)), limit, page, is_near=True)


def suggest(viewer: Actor, sentence: str, language: str, *, limit: int = 5) -> Sequence[Hit]:
    """The few texts that a sentence such as a ticket's subject is likely about; none rather than any."""
    terms = _terms(sentence)
    if not terms:
        return []
    rows = open_texts(viewer, language)
    with transaction.atomic():
        _be_patient()
        found = _enough(_weighed(rows.filter(_any(terms)), rows, terms))
    return [hit for hit, _share in found[:limit]]


Weighed = list[tuple[Hit, float]]


def _page(found: Weighed, limit: int, page: int, **flags: bool) -> Results:
    shown = [hit for hit, _share in found[limit * (page - 1) : limit * page]]
    return Results(shown, len(found), **flags)


def _enough(found: Weighed) -> Weighed:
    return [row for row in found if row[1] >= ENOUGH]


def _terms(text: str, *, keep_empty: bool = False) -> list[str]:
    """The words of a text that say something, the first of them."""
    found = list(dict.fromkeys(words.tokens(text[: words.QUERY_CHARS * 3])))
    telling = [word for word in found if word not in _EMPTY and (len(word) > 1 or keep_empty or word.isdigit())]
    return (telling or (found if keep_empty else []))[:TERMS]


def _lexeme(term: str) -> str:
    """A term of a tsquery; Latin words of four letters and more also as beginnings (printer, printers)."""
    if term.isascii() and term.isalpha() and len(term) >= 4:
        stem = term[:-1] if term.endswith("s") and len(term) >= 5 else term
        return f"{words.quoted(stem)}:*"
    return words.quoted(term)


def _any(terms: Iterable[str]) -> Q:
    return reduce(operator.or_, map(_holds_term, terms), Q(pk__in=[]))


def _holds_term(term: str) -> Q:
    """A word of the text; a Chinese one also where the text was cut elsewhere (后断 | 网 holds 断网)."""
    matches = _matches("tokens", _lexeme(term))
    pairs = list(words.bigrams(term))
    return matches | Q(found_bigrams__contains=pairs) if len(term) > 1 and pairs else matches


def _matches(column: str, query: str) -> Q:
    cast = Cast(Value(query), SearchQueryField())
    return Q(Func(F(column), cast, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField()))


def _holds_part(part: words.Part) -> Q:
    """One piece of the query, somewhere in the text."""
    if part.sort == "han":
        cut = [token for token in words.tokens(part.text) if token not in _EMPTY] or [part.text]
        return _matches("tokens", " & ".join(map(words.quoted, cut))) | Q(
            found_bigrams__contains=list(words.bigrams(part.text))
        )
    if part.sort == "word" and part.text in _EMPTY:
        return Q()
    condition = _matches("tokens", _lexeme(part.text))
    return condition | Q(found_key__contains=part.text) if len(part.text) >= 3 else condition


def _weighed(matching: TextQuerySet, all_rows: TextQuerySet, terms: Sequence[str]) -> Weighed:
    """Matching texts with the weight of the terms they hold and its share of the whole query, best first."""
    if not terms:
        return [(Hit(text, 0.0), 1.0) for text in matching.order_by("-published_at")[:CANDIDATES]]
    marks = {}
    for n, term in enumerate(terms):
        marks[f"has_{n}"] = Case(When(_holds_term(term), then=True), default=False)
        marks[f"in_title_{n}"] = Case(When(_matches("title_tokens", _lexeme(term)), then=True), default=False)
    rows = list(
        matching.annotate(**marks)
        .select_related("article", "article__category", "published_version")
        .defer("body", "tokens", "title_tokens", "found_bigrams")
        .order_by("-published_at", "pk")[:CANDIDATES]
    )
    if not rows:
        return []
    total = max(len(rows) + 1, all_rows.count())
    rarity = [math.log(1 + total / (0.5 + sum(getattr(row, f"has_{n}") for row in rows))) for n in range(len(terms))]
    found = []
    for row in rows:
        held = sum(weight for n, weight in enumerate(rarity) if getattr(row, f"has_{n}"))
        titled = sum(weight for n, weight in enumerate(rarity) if getattr(row, f"in_title_{n}"))
        found.append((Hit(row, held + (TITLE_WEIGHT - 1) * titled), (held + titled) / (2 * sum(rarity))))
    return sorted(found, key=lambda pair: -pair[0].score)


def _alike(rows: TextQuerySet, parts: Sequence[words.Part]) -> Weighed:
    """Texts whose title holds words much like the longer words of the query."""
    mistyped = [part.text for part in parts if part.sort == "word" and len(part.text) >= ALIKE_CHARS]
    if not mistyped:
        return []
    likeness: Any = Value(0.0)
    for text in mistyped:
        rows = rows.filter(found_key__trigram_word_similar=text)
        likeness = likeness + TrigramWordSimilarity(text, "found_key")
    rows = rows.select_related("article", "article__category", "published_version")
    near = rows.annotate(likeness=likeness).order_by("-likeness", "-published_at")[:20]
    return [(Hit(row, row.likeness), 1.0) for row in near]


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), "
            "set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(PATIENCE_MS), str(LIKENESS)],
        )


def folded_miss(query: str) -> str:
    """A query as the list of misses keeps it; "" for one that may tell who asked: a mail address, a long number."""
    folded = " ".join(names.fold(excerpt(query, 100)).split())
    digits = sum(char.isdecimal() for char in folded)
    return "" if "@" in folded or digits >= 7 or len(folded) < 2 else folded
